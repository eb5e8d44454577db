"""How a loop over arrays becomes machine code."""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """`loop` compiled on its first call, or taken from the disk if an earlier process compiled it."""
    try:
        return cast(Loop, numba.njit(cache=True, nogil=True)(loop))
    except RuntimeError:
        # Neither the code's folder nor the user's may be written (a read-only image): compile in every process.
        return cast(Loop, numba.njit(nogil=True)(loop))
