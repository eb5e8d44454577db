"""Rules that need nothing: no framework, no database, no clock of their own."""
