"""The interface for machines: JSON in, JSON out, problems as problem+json."""
