"""Measurements of this house: `make bench B=<name> OUT=<file.json>` runs the module of that name."""
