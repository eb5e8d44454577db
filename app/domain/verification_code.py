"""The code printed on a certificate, by which anybody finds it again; it says nothing of what it stands for."""

import secrets

# Crockford's alphabet: no I, L, O or U, so that a code read aloud or typed from paper is not mistaken.
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26


def new_code() -> str:
    """A random code of 130 bits: nobody guesses one."""
    return "".join(secrets.choice(SYMBOLS) for _ in range(LENGTH))
