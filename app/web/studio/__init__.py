"""Pages and addresses of the studio, at /procesos."""
