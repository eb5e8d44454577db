"""The audit: what always holds of rows, files and history, each as a named invariant; it only reads.

`app.process.audit` adds what only the engine knows. What the database itself makes impossible is not looked for;
docs/adr/0013 lists it.
"""

from app.services.audit import (
    attendance,
    awaited,
    cases,
    effects,
    files,
    folios,
    history,
    issuances,
    jobs,
    log,
    people,
    processes,
    requests,
    rights,
    signatures,
    snapshots,
    states,
    timers,
)
from app.services.audit.checking import Verdict, check
from app.services.audit.invariant import Ground, Invariant

__all__ = ["INVARIANTS", "Ground", "Invariant", "Verdict", "check"]

INVARIANTS: tuple[Invariant, ...] = (
    *folios.INVARIANTS,
    *issuances.INVARIANTS,
    *states.INVARIANTS,
    *snapshots.INVARIANTS,
    *files.INVARIANTS,
    *signatures.INVARIANTS,
    *requests.INVARIANTS,
    *history.INVARIANTS,
    *log.INVARIANTS,
    *rights.INVARIANTS,
    *cases.INVARIANTS,
    *processes.INVARIANTS,
    *timers.INVARIANTS,
    *awaited.INVARIANTS,
    *effects.INVARIANTS,
    *jobs.INVARIANTS,
    *attendance.INVARIANTS,
    *people.INVARIANTS,
)
