"""Pages of long works: start a recomputation, watch any work, cancel it, fetch what it made."""
