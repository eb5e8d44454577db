"""Logs as one JSON object a line: the business in fields, never a RUT or a name."""

import logging
import re
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

# Their warnings quote the text they were given, and that text is people's names.
QUOTES_PEOPLE = ("xhtml2pdf", "reportlab", "fontTools")

# They tell every step of every run.
CHATTY = ("alembic", "spiff")


# What PostgreSQL adds to an error: the row that did not fit, the key that was there, the line it was reading.
ROWS = re.compile(r"^((?:DETAIL|CONTEXT):).*$", re.M)


def configure(stream: TextIO = sys.stderr) -> None:
    """Send every logger of the process through structlog. Harmless when repeated."""
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ExtraAdder(),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _without_rows,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    handler.set_name("constancia")
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if kept.get_name() != "constancia"] + [handler]
    root.setLevel(logging.INFO)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in QUOTES_PEOPLE:
        logging.getLogger(name).setLevel(logging.ERROR)


def _without_rows(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """A trace quotes errors whole, and those of the database may quote people."""
    if "exception" in event:
        event["exception"] = ROWS.sub(r"\1 …", event["exception"])
    return event
