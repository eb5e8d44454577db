"""The studio: how analysts change a process, from a draft to the version that new cases follow."""
