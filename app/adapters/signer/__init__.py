"""Who signs the PDFs of certificates: the key that the settings name, or nobody."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.config import Settings

if TYPE_CHECKING:
    from app.adapters.signer.pades import Pades

NOBODY = "none"


@dataclass(frozen=True)
class Signed:
    """A PDF as it is to be kept, and the certificate (DER) whose key signed it; None if nobody did."""

    content: bytes
    certificate: bytes | None


class Signer(Protocol):
    """What makes a finished PDF one that proves who made it."""

    @property
    def signs(self) -> bool:
        """False for one that leaves every PDF as it is."""

    def sign(self, pdf: bytes) -> Signed:
        """Raises EffectFailed, with what the operator is to mend."""


class Nobody:
    """Leaves PDFs unsigned; the pages say so."""

    signs = False

    def sign(self, pdf: bytes) -> Signed:
        return Signed(pdf, None)


@dataclass(frozen=True)
class KeyInFile:
    """Signs with the key of a PKCS#12 file, read on first use and kept; with a time stamp if an authority is named."""

    path: Path
    passphrase: str
    timestamps: str = ""
    signs = True

    def sign(self, pdf: bytes) -> Signed:
        return self.pades.sign(pdf)

    @cached_property
    def pades(self) -> "Pades":
        """Raises EffectFailed. A failure is not kept: the file may be mended while the worker runs."""
        # Takes a second to import, which pages and commands that sign nothing need not wait.
        from app.adapters.signer.pades import Pades

        return Pades.of_file(self.path, self.passphrase, self.timestamps)


def signer_of(settings: Settings) -> Signer:
    """By SIGNING_KEY: `none` or nothing is nobody, anything else the file of a key."""
    if settings.signing_key in ("", NOBODY):
        return Nobody()
    return KeyInFile(Path(settings.signing_key), settings.signing_passphrase, settings.timestamp_url)
