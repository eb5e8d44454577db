"""The studio: drafts, proposals, what they change, and the pages analysts do it on."""
