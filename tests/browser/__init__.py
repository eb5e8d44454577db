"""Stories clicked in a real browser."""
