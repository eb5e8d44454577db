"""What the engine refuses to do. Knows nothing of the engine."""


class EngineError(RuntimeError):
    """The diagram cannot go on: no way out of a gateway, a step in error, a loop without people."""
