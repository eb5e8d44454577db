"""How many requests a web process works on at once, and who goes first when more have come: who acts before who looks.

One processor's worth of Python runs at a time whatever the number of threads; eight that fight for it spend a good part of
it on fighting, and all of them are late together.
"""

from collections import deque
from collections.abc import Iterable
from io import BytesIO
from threading import Event, Lock
from typing import TYPE_CHECKING

from werkzeug.wsgi import get_content_length

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# As many processes as processors make use of all of them; a second turn made throughput and waiting worse.
TURNS = 1
# Who has waited so long goes in as well: nobody is passed over for ever, and what hangs inside stops nobody outside.
PATIENCE_S = 0.5
# A form is read before its turn, for the line may be slow; whoever sends more than this does without one.
MOST_BYTES = 64 * 1024
LOOKS = frozenset({"GET", "HEAD", "OPTIONS"})


class Turns:
    """So many at once, and two queues."""

    def __init__(self, turns: int, patience_s: float) -> None:
        self._free, self._patience_s = turns, patience_s
        self._lock = Lock()
        self._acting: deque[Event] = deque()
        self._looking: deque[Event] = deque()

    def take(self, *, acts: bool) -> None:
        """Wait for a turn, at most as long as one has patience; there is one to give back in any case."""
        queue, called = self._acting if acts else self._looking, Event()
        with self._lock:
            if self._free > 0:
                self._free -= 1
                return
            queue.append(called)
        if called.wait(self._patience_s):
            return
        with self._lock:
            # Unless the call came just now.
            if called in queue:
                queue.remove(called)
                self._free -= 1

    def give_back(self) -> None:
        with self._lock:
            self._free += 1
            if self._free > 0 and (queue := self._acting or self._looking):
                self._free -= 1
                queue.popleft().set()


class Turnstile:
    """WSGI middleware: a request is worked on in its turn; its answer is sent after that, however slowly it is read."""

    def __init__(
        self, app: "WSGIApplication", *, free: frozenset[str], turns: int = TURNS, patience_s: float = PATIENCE_S
    ) -> None:
        """`free` are the paths that are answered whatever goes on."""
        self._next, self._free = app, free
        self._turns = Turns(turns, patience_s)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        length = 0 if environ["REQUEST_METHOD"] in LOOKS else get_content_length(environ)
        if environ["PATH_INFO"] in self._free or length is None or length > MOST_BYTES:
            return self._next(environ, start_response)

        if length:
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(length))
        self._turns.take(acts=environ["REQUEST_METHOD"] not in LOOKS)
        try:
            return self._next(environ, start_response)
        finally:
            self._turns.give_back()
