"""HTML into what reportlab places on pages, by xhtml2pdf: nothing fetched, and our own elements for what we draw."""

from typing import Any

from reportlab.platypus import Flowable
from xhtml2pdf import parser
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.context import pisaContext
from xhtml2pdf.document import pisaStory
from xhtml2pdf.tags import pisaTag
from xhtml2pdf.util import getSize

from app.adapters.pdf import fonts
from app.adapters.pdf.columns import Column, Columns
from app.adapters.pdf.slots import Place

# No folder to read from and no network: a page brings everything with it, and its letters are known beforehand.
CLOSED = ResourceAccessPolicy.server(base_dir=None, allow_remote=False)


class MarkupError(RuntimeError):
    """xhtml2pdf could not make sense of a page."""


class DrawnTag(pisaTag):  # type: ignore[misc]
    """`<drawn name="…">`: the place of something drawn by hand."""

    def start(self, context: Any) -> None:
        context.addPara()
        context.addStory(Place(self.node.getAttribute("name")))


class ColumnsTag(pisaTag):  # type: ignore[misc]
    """`<columns>`, or `<columns panel>`: its `<column>` children side by side."""

    def start(self, context: Any) -> None:
        context.addPara()
        self.outer, context.columns = context.columns, []

    def end(self, context: Any) -> None:
        context.addStory(Columns(context.columns, panel=self.node.hasAttribute("panel")))
        context.columns = self.outer


class ColumnTag(pisaTag):  # type: ignore[misc]
    """`<column width="44mm">`: a story of its own."""

    def start(self, context: Any) -> None:
        self.outer = context.swapStory()

    def end(self, context: Any) -> None:
        context.addPara()
        width = self.node.getAttribute("width")
        context.columns.append(Column(getSize(width) if width else None, context.story))
        context.swapStory(self.outer)


# The parser looks for the class of an element under this name in its own module; it keeps no other register.
parser.pisaTagDRAWN, parser.pisaTagCOLUMNS, parser.pisaTagCOLUMN = DrawnTag, ColumnsTag, ColumnTag


class _Context(pisaContext):  # type: ignore[misc]
    """A page being read, with our letters and our elements."""

    def __init__(self, styles: str) -> None:
        super().__init__()
        self.columns: list[Column] = []
        self.addCSS(styles)
        for family in (fonts.REGULAR, fonts.TITLE):
            self.registerFont(family)


def story(page: str, *, styles: str) -> list[Flowable]:
    """The page's paragraphs, columns and places in order. Raises MarkupError."""
    fonts.load()
    context = pisaStory(page, context=_Context(styles), default_css="", resource_policy=CLOSED)
    if context.err:
        raise MarkupError(f"xhtml2pdf reported {context.err} errors.")
    found: list[Flowable] = context.story
    return found
