"""What the gate says: a finding with its code, and the refusal of a diagram that has some."""

from dataclasses import dataclass

from app.domain.errors import Refusal

CODES = frozenset(
    """
    invalid_diagram outside_subset attribute id name form type_clash office deadline escalation operation
    event error call start flow reference twin split dead_end unreachable no_end side_end endless_loop
    condition condition_place no_condition default no_answer overlap never_taken undecided missing_answer answered_twice
    decision decision_incomplete decision_overlap decision_never
    deadlock unsynchronised doubled early_end not_decided layout engine
    """.split()  # noqa: SIM905
)
"""What a finding may be, for ever by these words: `docs/process-gate.md` tells analysts about each."""


@dataclass(frozen=True)
class Finding:
    """One thing wrong: a stable code, the element, and what to do, in Spanish.

    `path` holds the ids of the steps and arrows on the shortest way into the trouble, where there is one.
    """

    code: str
    element: str
    sentence: str
    path: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        assert self.code in CODES, f"{self.code!r} is not a code of the gate"

    def __str__(self) -> str:
        return f"{self.element}: {self.sentence} [{self.code}]"


class Refused(Refusal):
    """The diagram has findings; the sentence lists them."""

    code = "diagram_refused"

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("El diagrama no se puede publicar. " + " ".join(str(finding) for finding in findings))
        self.findings = findings
