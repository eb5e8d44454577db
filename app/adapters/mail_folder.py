"""Letters as files: where no mail server is named they are kept in a folder, and a page shows them."""

import email
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

_NAME = re.compile(r"\d{14}-[0-9a-f]{32}")
SUFFIX = ".eml"


@dataclass(frozen=True)
class FolderPage:
    """Names of letters, newest first; `names` are all of them."""

    shown: Sequence[str]
    before: int
    total: int
    names: Sequence[str]

    @property
    def next_after(self) -> str | None:
        return self.shown[-1] if self.shown and self.before + len(self.shown) < self.total else None

    def previous_after(self, size: int) -> str | None:
        """After which letter the page before this one begins: "" for the first, None if this is the first."""
        if not self.before:
            return None
        return self.names[self.before - size - 1] if self.before > size else ""


@dataclass(frozen=True)
class MailFolder:
    """One file a letter. Its name begins with the letter's date, so that names in order are letters in order."""

    base: Path

    def send(self, message: EmailMessage) -> None:
        """Keep the letter; keeping it again changes nothing, for its name follows from its date and Message-ID."""
        # Letters hold names and addresses.
        self.base.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.base / f"{_name(message)}{SUFFIX}"
        # In one step, so that the page never reads half a letter.
        temporary = self.base / f".{path.name}.{os.getpid()}"
        try:
            temporary.write_bytes(message.as_bytes(policy=policy.SMTP))
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)

    def page(self, *, after: str = "", size: int) -> "FolderPage":
        """The `size` newest letters, or those that follow the one called `after`."""
        names = sorted(self._names(), reverse=True)
        start = sum(name >= after for name in names) if after else 0
        return FolderPage(names[start : start + size], before=start, total=len(names), names=names)

    def read(self, name: str) -> EmailMessage | None:
        """The letter of that name; None if there is none."""
        path = self.base / f"{name}{SUFFIX}"
        # The name comes from an address: nothing but a letter's name may become a path.
        if not _NAME.fullmatch(name) or not path.is_file():
            return None
        return email.message_from_bytes(path.read_bytes(), policy=policy.default)

    def _names(self) -> list[str]:
        if not self.base.is_dir():
            return []
        return [path.stem for path in self.base.iterdir() if path.suffix == SUFFIX and _NAME.fullmatch(path.stem)]


def _name(message: EmailMessage) -> str:
    """`20261130121455-` and the first half of the Message-ID, which is hexadecimal."""
    written_at = parsedate_to_datetime(message["Date"])
    return f"{written_at:%Y%m%d%H%M%S}-{message['Message-ID'].strip('<').partition('@')[0]}"
