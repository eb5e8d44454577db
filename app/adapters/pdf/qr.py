"""A QR code as one vector shape, sharp at any size."""

from collections.abc import Iterator
from itertools import groupby

import segno
from reportlab.platypus import Flowable

# Any of the eight masks can be read; to try them all and keep the best takes as long as a page of text.
MASK = 2
# Modules of white that readers count on.
QUIET = 4


class QrCode(Flowable):  # type: ignore[misc]
    """The code of `content` on the white it needs around it, `side` points wide in all."""

    def __init__(self, content: str, side: float) -> None:
        super().__init__()
        self.modules = segno.make_qr(content, error="m", mask=MASK).matrix
        self.module = side / (len(self.modules) + 2 * QUIET)
        self.side = side

    def wrap(self, *_available: float) -> tuple[float, float]:
        return self.side, self.side

    def draw(self) -> None:
        """Dark modules that touch in a row are one rectangle, and all are one shape: no seam can show between them."""
        self.canv.saveState()
        self.canv.setFillColorRGB(1, 1, 1)
        self.canv.rect(0, 0, self.side, self.side, stroke=0, fill=1)
        self.canv.translate(QUIET * self.module, self.side - QUIET * self.module)
        self.canv.scale(self.module, -self.module)
        self.canv.setFillColorRGB(0, 0, 0)
        self.canv.addLiteral(" ".join(f"{x} {y} {width} 1 re" for x, y, width in self._runs()) + " f")
        self.canv.restoreState()

    def _runs(self) -> Iterator[tuple[int, int, int]]:
        for y, row in enumerate(self.modules):
            x = 0
            for dark, run in groupby(row):
                width = len(list(run))
                if dark:
                    yield x, y, width
                x += width
