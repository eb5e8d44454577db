"""What is broken on purpose, by the invariant that must notice."""

from tests.audit.mutations import (
    attendance,
    awaited,
    cases,
    effects,
    files,
    folios,
    history,
    issuances,
    log,
    people,
    processes,
    requests,
    rights,
    signatures,
    snapshots,
    timers,
)
from tests.audit.mutations.breaking import Mutation

_FACTS = (folios, issuances, snapshots, files, signatures, requests, history, cases, processes)
_PARTS = (*_FACTS, timers, awaited, effects, attendance, people, rights)

# Whoever changes facts could write the log anew; the other invariants are to see it all the same.
WITH_THE_LOG_WRITTEN_ANEW: tuple[Mutation, ...] = tuple(mutation for part in _PARTS for mutation in part.breaks.all)
MUTATIONS: tuple[Mutation, ...] = (*WITH_THE_LOG_WRITTEN_ANEW, *log.breaks.all)
