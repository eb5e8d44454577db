"""What is broken on purpose, by the invariant that must notice."""

from tests.audit.mutations import effects, folios, issuances
from tests.audit.mutations.breaking import Mutation

MUTATIONS: tuple[Mutation, ...] = (*folios.breaks.all, *issuances.breaks.all, *effects.breaks.all)
