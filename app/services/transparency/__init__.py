"""The log that cannot be rewritten: every issue, request, decision and void becomes a leaf, and its head is signed.

Facts come in behind each other after their commit (docs/adr/0015). Functions here change rows; they never commit.
"""

from app.services.transparency.heads import SEAL, ask_seal, latest, seal, seal_waiting
from app.services.transparency.proofs import Consistency, Inclusion, consistency, inclusion, of_fact
from app.services.transparency.sequencing import integrate

__all__ = [
    "SEAL",
    "Consistency",
    "Inclusion",
    "ask_seal",
    "consistency",
    "inclusion",
    "integrate",
    "latest",
    "of_fact",
    "seal",
    "seal_waiting",
]
