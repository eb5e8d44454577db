"""What a provider of the demo attaches to a request: a signed attendance sheet that nobody ever signed, drawn here."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from app.adapters.storage import Storage
from app.services.retroactive import Attachment

SIZE = (1240, 877)
LINES = (
    "Planilla de asistencia (muestra)",
    "Lector de huellas sin energía desde las 11:40",
    "Firma de la persona: ________________",
)
FILES = (("planilla-de-asistencia.pdf", "application/pdf", "PDF"), ("foto-del-lector.jpg", "image/jpeg", "JPEG"))


def attach(storage: Storage) -> list[Attachment]:
    """A PDF and a JPEG, kept in the storage."""
    return [_kept(storage, *file) for file in FILES]


def _kept(storage: Storage, filename: str, content_type: str, format: str) -> Attachment:
    drawn = BytesIO()
    _sheet().save(drawn, format)
    content = drawn.getvalue()
    return Attachment(filename, content_type, len(content), storage.put(content))


def _sheet() -> Image.Image:
    sheet = Image.new("RGB", SIZE, "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(36)
    for number, line in enumerate(LINES):
        pen.text((80, 80 + number * 90), line, fill="black", font=font)
    pen.rectangle((60, 60, SIZE[0] - 60, SIZE[1] - 60), outline="black", width=3)
    return sheet
