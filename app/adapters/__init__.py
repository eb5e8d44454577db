"""The edges: PDF, storage, queue, embedded servers."""
