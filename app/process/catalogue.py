"""What a diagram may name: forms with the answers they give, and the functions of a deadline. Operations are in `operations.py`."""

from collections.abc import Mapping

from app.process import forms
from app.process.expression_types import DAY, Signature, within
from app.process.forms import FormSpec

# The first versions; a published definition has its own (`forms.of`).
FORMS: Mapping[str, FormSpec] = forms.first_versions()

TERM = Signature(takes=[within(1, 365)], gives=DAY)
DEADLINE_FUNCTIONS: Mapping[str, Signature] = {"plazo_habil": TERM, "plazo_corrido": TERM}
