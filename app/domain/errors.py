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


class EffectFailed(Exception):
    """An effect could not be performed. `reason` tells the operator what is so and what to do, with nothing personal in it.

    `for_good` says that trying again changes nothing: the effect is given up at once and becomes an incident.
    """

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.for_good = for_good
