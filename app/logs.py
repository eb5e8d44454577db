"""Logs as one JSON object a line: the business in fields, never a RUT or a name."""

import logging
import sys
from typing import TextIO

import structlog

# Their warnings quote the text they were given, and that text is people's names.
QUOTES_PEOPLE = ("xhtml2pdf", "reportlab", "fontTools")

# They tell every step of every run.
CHATTY = ("alembic", "spiff")


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
