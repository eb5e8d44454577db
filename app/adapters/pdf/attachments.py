"""Files that a PDF carries inside, where readers list its attachments."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString, PDFZCompress
from reportlab.pdfgen.canvas import Canvas


@dataclass(frozen=True)
class Attachment:
    """A file; the names of those of one document are in order, as readers search for them."""

    name: str
    description: str
    content: bytes


def attach(canvas: Canvas, attachments: Sequence[Attachment]) -> None:
    """Have the canvas's document carry these files. ISO 32000-1 §7.11.4, which reportlab leaves to us."""
    if not attachments:
        return
    document = canvas._doc
    listed = [part for one in attachments for part in (PDFString(one.name), document.Reference(_file(document, one)))]
    document.Catalog.Names = PDFDictionary({"EmbeddedFiles": PDFDictionary({"Names": PDFArray(listed)})})


def _file(document: object, attachment: Attachment) -> PDFDictionary:
    told = {"Type": PDFName("EmbeddedFile"), "Params": PDFDictionary({"Size": len(attachment.content)})}
    stream = PDFStream(PDFDictionary(told), attachment.content, [PDFZCompress])
    reference = document.Reference(stream)  # type: ignore[attr-defined]
    return PDFDictionary(
        {
            "Type": PDFName("Filespec"),
            "F": PDFString(attachment.name),
            "UF": PDFString(attachment.name),
            "Desc": PDFString(attachment.description),
            "EF": PDFDictionary({"F": reference, "UF": reference}),
        }
    )
