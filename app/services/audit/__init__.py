"""The audit: what always holds of rows, files and history, each as a named invariant; it only reads.

What the database itself makes impossible is not looked for here; docs/adr/0013 lists it.
"""

from app.services.audit import effects, folios, issuances
from app.services.audit.checking import Verdict, check
from app.services.audit.invariant import Ground, Invariant

__all__ = ["INVARIANTS", "Ground", "Invariant", "Verdict", "check"]

INVARIANTS: tuple[Invariant, ...] = (
    *folios.INVARIANTS,
    *issuances.INVARIANTS,
    *effects.INVARIANTS,
)
