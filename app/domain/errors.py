"""What a person is told when something cannot be done: one sentence that says what is so and what to do."""


class Refusal(Exception):
    """An action the rules do not allow now. Its text is shown as it is; nothing of the action stays."""

    code = "refused"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class AlreadyDecided(Refusal):
    """Somebody else did it first; the sentence says who, what and when."""

    code = "already_decided"


class NotAllowed(Refusal):
    """The profile in use may not do this."""

    code = "not_allowed"


class NotFound(Exception):
    """There is no such thing, or not for this actor: the two are never told apart."""
