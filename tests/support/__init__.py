"""Fixtures: real servers, clean data, a real worker, a real browser."""
