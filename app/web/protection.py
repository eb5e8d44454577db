"""What stands between a form and its view: the CSRF token, and waiting after too many failures."""

import hashlib
import hmac

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

csrf = CSRFProtect()
limiter = Limiter(get_remote_address)


def keyed_hash(text: str) -> str:
    """A name for `text` that tells nothing about it to who reads the counters."""
    return hmac.new(current_app.secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()  # type: ignore[union-attr]
