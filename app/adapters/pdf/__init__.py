"""PDF files: the certificate in its own design, and what the other documents share with it."""
