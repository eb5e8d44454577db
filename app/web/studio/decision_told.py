"""Decision tables to be read: their columns, policy and rows in words, as plain values for the templates."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from app.models import ProcessDraft
from app.process import dmn
from app.process.dmn import Column, Sheet
from app.process.studio import decisions_edit
from app.web.studio.decision_typed import POLICIES, TYPES, WHOLE


def table(sheet: Sheet, applied: Sequence[int] = ()) -> dict[str, Any]:
    """One table; the rows whose numbers are in `applied` are marked."""
    policy = f"{sheet.hit_policy} {sheet.aggregation}".strip()
    return {
        "name": sheet.name,
        "title": sheet.title or sheet.name,
        "policy": dict(POLICIES).get(policy, policy),
        "inputs": [_column(one) for one in sheet.inputs],
        "outputs": [_column(one) for one in sheet.outputs],
        "rows": [
            {
                "number": number,
                "cells": [_cell(text) for text in (*row.conditions, *row.conclusions)],
                "note": row.note,
                "applied": number in applied,
            }
            for number, row in enumerate(sheet.rows, 1)
        ],
        "has_notes": any(row.note for row in sheet.rows),
    }


def tables(stored: Mapping[str, str]) -> list[dict[str, Any]]:
    """Those of a version or a draft."""
    return [table(dmn.sheet_of(xml.encode())[0]) for _, xml in sorted(stored.items())]


def catalogue(draft: ProcessDraft) -> list[dict[str, Any]]:
    """What a business rule task may name: each with what it gives, and its page; nothing is given by what cannot be used."""
    usable = decisions_edit.offered(draft)
    return [
        {
            "name": name,
            "title": title,
            "decides": {key: kind.face for key, kind in dmn.gives(usable[name]).items()} if name in usable else {},
            "url": url_for("studio.edit_decision", process_id=draft.process_id, draft_id=draft.id, name=name),
        }
        for name, title in decisions_edit.titles(draft).items()
    ]


def _column(column: Column) -> dict[str, str]:
    kind = "integer" if column.type in WHOLE else column.type
    return {"name": column.name, "label": column.said or "sin nombre", "type": dict(TYPES).get(kind, kind)}


def _cell(text: str) -> str:
    """`-` is any value."""
    return {"-": "cualquiera", "": "–", "true": "sí", "false": "no"}.get(text, text)
