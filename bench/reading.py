"""A browser whose person reads before opening the next page: what one clicks on is there already, and is sent at once."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from bench.approvals import Browser
from bench.browser import Answer


@dataclass(frozen=True)
class Reading:
    browser: Browser
    seconds: float

    def open(self, path: str) -> Answer:
        time.sleep(self.seconds)
        return self.browser.open(path)

    def send(self, path: str, fields: Mapping[str, str]) -> str:
        return self.browser.send(path, fields)
