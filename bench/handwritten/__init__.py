"""The same approval written by hand, Flask and SQLAlchemy without an engine: what ours is measured beside."""
