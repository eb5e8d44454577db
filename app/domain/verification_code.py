"""The code printed on a certificate, by which anybody finds it again; it says nothing of what it stands for."""

import secrets

from stdnum.iso7064 import mod_37_36

# Crockford's alphabet: no I, L, O or U, so that a code read aloud or typed from paper is not mistaken.
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM = 26
LENGTH = RANDOM + 1
# Who reads one of these in a code saw the other; what people put between groups counts for nothing.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"} | dict.fromkeys(" -–—.\t\n\r\N{NO-BREAK SPACE}"))
_LONGEST_TYPED = 200


class MistypedCode(ValueError):
    """A text that is no code. Its sentence says what to look at."""


def new_code() -> str:
    """A random code of 130 bits, which nobody guesses, and a symbol that gives a mistake in typing away."""
    code = "".join(secrets.choice(SYMBOLS) for _ in range(RANDOM))
    return code + check_symbol(code)


def check_symbol(code: str) -> str:
    """The last symbol of a code. ISO 7064's hybrid system, over 32 symbols: any single wrong one is noticed."""
    return str(mod_37_36.calc_check_digit(code, SYMBOLS))


def read_code(typed: str) -> str:
    """The code as it is stored, from how people type it: in groups or not, in small letters, O for 0. Raises MistypedCode."""
    code = typed[:_LONGEST_TYPED].upper().translate(_READ_AS)
    if not code:
        raise MistypedCode("Escriba el código que está en el certificado, junto al código QR.")
    if strange := next((sign for sign in code if sign not in SYMBOLS), None):
        shown = f" («{strange}»)" if strange.isprintable() else ""
        raise MistypedCode(f"Hay un signo{shown} que ningún código tiene. Compárelo con el certificado y corríjalo.")
    if len(code) != LENGTH:
        few = "faltan" if len(code) < LENGTH else "sobran"
        raise MistypedCode(
            f"El código tiene {LENGTH} letras y números y usted escribió {len(code)}: {few} {abs(LENGTH - len(code))}. "
            "Compárelo con el certificado."
        )
    if check_symbol(code[:RANDOM]) != code[RANDOM]:
        raise MistypedCode("Alguna letra o número no calza. Compare cada grupo con el certificado y corríjalo.")
    return code
