"""The way in for XML that somebody else wrote: read once by a strict reader that builds nothing, then made canonical.

Whatever is unusual is refused at the first sight of it, so that no parser behind has to be trusted with it.
"""

import re
from collections.abc import Mapping
from xml.parsers import expat

from lxml import etree

from app.domain.errors import Refusal

MAX_BYTES = 1_000_000
MAX_ELEMENTS = 500
MAX_ELEMENTS_DRAWN = 5_000
MAX_DEPTH = 20
MAX_ATTRIBUTES = 40
MAX_NAMESPACES = 40
MAX_NAME = 100
MAX_VALUE = 2_000
MAX_TEXT = 10_000
DRAWING = (
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
    "http://www.omg.org/spec/DD/20100524/DI",
)
"""Namespaces of what only says where a thing is drawn: a line has as many corners as somebody likes."""
IDENTITY = re.compile(rf"[\w.-]{{1,{MAX_NAME}}}\Z")
# They make a text read otherwise than it runs.
REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")


class InvalidDiagram(Refusal):
    """The file is not a diagram we take; the sentence says why and what to do, `element` where if it is known."""

    code = "invalid_diagram"

    def __init__(self, sentence: str, *, element: str = "") -> None:
        super().__init__(sentence)
        self.element = element


def canonical(content: bytes, *, most_elements: int = MAX_ELEMENTS) -> str:
    """The one way to write what an untrusted file says, without comments. Raises InvalidDiagram.

    UTF-8 only; no DOCTYPE, hence no entities; at most 1 MB and `most_elements`, not counting those of the drawing.
    """
    _require_size(content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidDiagram("El archivo no está en UTF-8. Guárdelo como UTF-8 y vuelva a intentar.") from error
    if REORDERING.search(text):
        raise InvalidDiagram("El archivo trae signos que cambian el sentido de la lectura. Bórrelos del texto.")
    _Strict(most_elements).read(content)
    written = etree.tostring(tree_of(content), method="c14n2", strip_text=True, with_comments=False)
    _require_size(written)
    return written.decode()


def _require_size(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise InvalidDiagram("El archivo supera 1 MB. Divídalo en otros más pequeños.")


def tree_of(content: bytes | str) -> etree._Element:
    """The tree of a text that was found safe before."""
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        return etree.fromstring(content.encode() if isinstance(content, str) else content, parser)
    except etree.XMLSyntaxError as error:
        raise _not_xml(str(error.msg)) from error


def _not_xml(reason: str) -> InvalidDiagram:
    return InvalidDiagram(f"El archivo no es XML válido ({reason}). Ábralo y guárdelo de nuevo.")


class _Strict:
    """Reads and keeps nothing but counts; raises InvalidDiagram in the middle of the file."""

    def __init__(self, most_elements: int) -> None:
        self._most_elements = most_elements
        self._elements = self._drawn = self._depth = self._text = 0
        self._identities: set[str] = set()
        self._namespaces: set[tuple[str, str]] = set()

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate("utf-8", " ")
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise _not_xml(expat.ErrorString(error.code)) from error

    def _declaration(self, version: str, encoding: str | None, _standalone: int) -> None:
        if version != "1.0":
            raise InvalidDiagram("El archivo no es XML 1.0. Guárdelo con otro editor.")
        if encoding is not None and encoding.lower() != "utf-8":
            raise InvalidDiagram(f"El archivo dice estar en {encoding[:20]!r}. Guárdelo como UTF-8.")

    def _doctype(self, *_named: object) -> None:
        raise InvalidDiagram("El archivo trae un DOCTYPE, que no se acepta. Quítelo y vuelva a intentar.")

    def _instruction(self, target: str, _data: str) -> None:
        raise InvalidDiagram(f"El archivo trae una instrucción «<?{target[:20]}…?>». Quítela y vuelva a intentar.")

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        known = (prefix or "", uri or "")
        self._namespaces.add(known)
        if len(self._namespaces) > MAX_NAMESPACES or max(map(len, known)) > MAX_NAME:
            raise InvalidDiagram("El archivo declara demasiados vocabularios. Guárdelo con otro editor.")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        self._text = 0
        if name.startswith(DRAWING):
            self._drawn += 1
        else:
            self._elements += 1
        if self._elements > self._most_elements or self._drawn > MAX_ELEMENTS_DRAWN:
            raise InvalidDiagram(
                f"El archivo tiene más de {self._most_elements} elementos. Divídalo en otros más pequeños."
            )
        if self._depth > MAX_DEPTH:
            raise InvalidDiagram(f"El archivo anida más de {MAX_DEPTH} elementos. Guárdelo con otro editor.")
        self._attributes(name, attributes)

    def _attributes(self, name: str, attributes: Mapping[str, str]) -> None:
        longest = max(map(len, [name, *attributes]))
        if len(attributes) > MAX_ATTRIBUTES or longest > 2 * MAX_NAME:
            raise InvalidDiagram("Un elemento trae demasiados atributos. Guárdelo con otro editor.")
        if any(len(value) > MAX_VALUE for value in attributes.values()):
            raise InvalidDiagram(f"Un atributo supera los {MAX_VALUE} caracteres. Acórtelo.")
        identity = attributes.get("id")
        if identity is None:
            return
        if not IDENTITY.match(identity):
            raise InvalidDiagram(f"El id {identity[:MAX_NAME]!r} no sirve. Use letras, cifras y guion bajo.")
        if identity in self._identities:
            raise InvalidDiagram(f"El id «{identity}» está dos veces. Cambie uno de los dos.", element=identity)
        self._identities.add(identity)

    def _end(self, _name: str) -> None:
        self._depth -= 1
        self._text = 0

    def _characters(self, data: str) -> None:
        self._text += len(data)
        if self._text > MAX_TEXT:
            raise InvalidDiagram(f"Un texto supera los {MAX_TEXT} caracteres. Acórtelo.")
