"""What is broken on purpose, by the invariant that must notice."""

from tests.audit.mutations import (
    attendance,
    cases,
    effects,
    files,
    folios,
    history,
    issuances,
    people,
    requests,
    snapshots,
    timers,
)
from tests.audit.mutations.breaking import Mutation

_PARTS = (folios, issuances, snapshots, files, requests, history, cases, timers, effects, attendance, people)

MUTATIONS: tuple[Mutation, ...] = tuple(mutation for part in _PARTS for mutation in part.breaks.all)
