"""Pages for who administers the system."""
