"""What a web process does once, at its start."""

import gc

from flask import Flask

from app.factory import create_site


def test_what_is_there_at_the_start_is_not_looked_at_for_garbage(app: Flask) -> None:
    usual = gc.get_threshold()
    try:
        create_site(app.extensions["settings"])
        frozen, still_looked_at = gc.get_freeze_count(), len(gc.get_objects())
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)

    assert frozen > still_looked_at
