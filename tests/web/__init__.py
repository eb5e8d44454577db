"""Pages, as they arrive and as a browser shows them."""
