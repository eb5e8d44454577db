"""The tests, by layer; a name is a claim."""
