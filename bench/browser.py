"""A client that costs next to nothing, so that the processors are left to those who are measured."""

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

HIDDEN = re.compile(rb'<input type="hidden" name="(\w+)" value="([^"]*)"')
PATIENCE_S = 60


class Unexpected(AssertionError):
    """The server answered something else than the page or the way on that the script expects."""


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: bytes

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page's forms: tokens, and what is accepted."""
        return {name.decode(): value.decode() for name, value in HIDDEN.findall(self.body)}


class Browser:
    """Somebody's browser at one server; follows nothing by itself."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookie = ""
        self._connect()

    def open(self, path: str) -> Answer:
        """The page at `path`. Raises Unexpected for anything but a page."""
        return self._expected(200, path, self._ask("GET", path))

    def send(self, path: str, fields: Mapping[str, str]) -> str:
        """Send a form; where it leads to. Raises Unexpected for anything but a way on."""
        return self._expected(303, path, self._ask("POST", path, urlencode(fields).encode())).location

    def close(self) -> None:
        self._connection.close()

    def _expected(self, status: int, path: str, answer: Answer) -> Answer:
        if answer.status != status:
            raise Unexpected(f"{path}: {answer.status} {answer.location}\n{answer.body.decode(errors='replace')}")
        return answer

    def _ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}"]
        if self._cookie:
            lines.append(f"Cookie: {self._cookie}")
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return self._read(self._sent("\r\n".join([*lines, "", ""]).encode() + body))

    def _connect(self) -> None:
        self._connection = socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE_S)
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _sent(self, message: bytes) -> bytes:
        """The beginning of the answer; a connection that the server closed while it was at rest is opened again."""
        try:
            self._connection.sendall(message)
            if answer := self._connection.recv(1 << 16):
                return answer
        except (BrokenPipeError, ConnectionResetError):
            pass
        self._connect()
        self._connection.sendall(message)
        return self._receive()

    def _read(self, received: bytes) -> Answer:
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        length = int(headers["content-length"])
        parts, missing = [body], length - len(body)
        while missing > 0:
            parts.append(self._receive())
            missing -= len(parts[-1])
        if "set-cookie" in headers:
            self._cookie = headers["set-cookie"].partition(";")[0]
        return Answer(int(first.split()[1]), headers.get("location", ""), b"".join(parts))

    def _receive(self) -> bytes:
        some = self._connection.recv(1 << 16)
        if not some:
            raise Unexpected("the server closed the connection")
        return some
