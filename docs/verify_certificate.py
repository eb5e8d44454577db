#!/usr/bin/env python3
"""Comprueba, sin conexión, que la emisión de un certificado está en el registro público de Constancia.

    python verify_certificate.py certificado.pdf --huella 91f057d7995e1f22…
    python verify_certificate.py certificado.pdf --llave llave.pem

No usa nada del programa Constancia: solo Python 3.11 o posterior y dos bibliotecas (pip install cryptography pypdf).
La huella o la llave no se toman del PDF: vienen de /transparencia/ o, mejor, de una publicación oficial.
Termina con 0 si todo calza, con 1 si algo es falso y con 2 si no se pudo comprobar.

The rules it follows: hashing and proofs of RFC 6962 §2.1 (checked as in RFC 9162 §2.1.3.2), the TreeHeadSignature of RFC 6962
§3.5, Ed25519. What is hashed into a leaf is the text of its content in UTF-8; the snapshot is hashed as it is attached.
"""

import argparse
import hashlib
import json
import re
import struct
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pypdf import PdfReader
from pypdf.errors import PyPdfError

SNAPSHOT, PROOF = "certificado.json", "prueba-de-registro.json"
FIGURES = re.compile(r"(?<!\S)(\d{1,3})\s%\s+(\d{1,3},\d\d)\s%")


class NotValid(Exception):
    """Something does not fit: certificate or proof were changed, or the proof is another one's."""


class CannotTell(Exception):
    """What is needed for an answer is not there."""


def attached(reader: PdfReader) -> tuple[bytes, dict[str, Any]]:
    """The bytes of the snapshot, and the proof."""
    found = reader.attachments
    for name in (SNAPSHOT, PROOF):
        if name not in found:
            raise CannotTell(
                f"El PDF no trae el adjunto {name}. Pida el original: pudo perderse al imprimir o convertir."
            )
    return found[SNAPSHOT][0], json.loads(found[PROOF][0])


def check_leaf(content: dict[str, Any], snapshot_bytes: bytes) -> None:
    """The leaf speaks of exactly this snapshot."""
    if content["kind"] != "issuance":
        raise NotValid("La prueba no es de la emisión de un certificado.")
    if hashlib.sha256(snapshot_bytes).hexdigest() != content["snapshot_sha256"]:
        raise NotValid("Los datos adjuntos no son los que se registraron al emitir este certificado.")


def check_pages(reader: PdfReader, snapshot: dict[str, Any]) -> None:
    """Folio, code and, of each participant, RUT and percentages are printed as in the snapshot; the rest people compare."""
    pages = [page.extract_text() for page in reader.pages]
    code = "-".join(re.findall(".{1,4}", snapshot["verification_code"]))
    identity = squeezed(f"Folio {snapshot['folio']} · Código de verificación {code}")
    if not all(identity in squeezed(page) for page in pages):
        raise NotValid("El folio o el código impresos no son los de la prueba: es la prueba de otro certificado.")

    text, end = "\n".join(pages), 0
    people, rows = snapshot["participants"], list(FIGURES.finditer(text))
    for person, row in zip(people, rows, strict=False):
        figures = (str(person["shown"]), person["percentage"].replace(".", ","))
        if row.groups() != figures or squeezed(person["rut_screen"]) not in squeezed(text[end : row.start()]):
            raise NotValid(f"Lo impreso de la persona de RUT {person['rut_screen']} no es lo que se registró.")
        end = row.end()
    if len(rows) != len(people):
        raise NotValid(f"Se registraron {len(people)} participantes y se leen {len(rows)} en las páginas.")


def squeezed(text: str) -> str:
    return "".join(text.split())


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Where the proof leads from the leaf."""
    if not 0 <= index < size:
        raise NotValid("La prueba nombra una hoja que no cabe en el registro.")
    current = hashlib.sha256(b"\x00" + leaf).digest()
    number, last = index, size - 1
    for step in path:
        if last == 0:
            raise NotValid("La prueba tiene pasos de más.")
        if number % 2 or number == last:
            current = hashlib.sha256(b"\x01" + step + current).digest()
            while number and not number % 2:
                number, last = number // 2, last // 2
        else:
            current = hashlib.sha256(b"\x01" + current + step).digest()
        number, last = number // 2, last // 2
    if last:
        raise NotValid("A la prueba le faltan pasos.")
    return current


def check_head(head: dict[str, Any], root: bytes, key: Ed25519PublicKey) -> None:
    """The holder of the key signed this root."""
    if root.hex() != head["root"]:
        raise NotValid(
            "La prueba no lleva a la raíz firmada: la emisión no está en el registro, o se cambió la prueba."
        )
    signed = struct.pack(">BBQQ32s", 0, 1, head["timestamp"], head["size"], root)
    try:
        key.verify(bytes.fromhex(head["signature"]), signed)
    except InvalidSignature as other:
        raise NotValid("La cabeza del registro no está firmada con la llave que usted indicó.") from other


def trusted_key(given: argparse.Namespace, head: dict[str, Any]) -> Ed25519PublicKey:
    """The key of the file; or the one that the proof brings, if it has the fingerprint."""
    if given.llave:
        key = serialization.load_pem_public_key(Path(given.llave).read_bytes())
    else:
        key = serialization.load_der_public_key(bytes.fromhex(head["public_key"]))
    if not isinstance(key, Ed25519PublicKey):
        raise CannotTell("La llave no es Ed25519, como las de este registro.")
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if given.huella and hashlib.sha256(der).hexdigest() != given.huella.strip().lower():
        raise NotValid("La cabeza del registro no está firmada con la llave de esa huella.")
    return key


def verify(given: argparse.Namespace) -> Iterator[str]:
    """What the log says of the certificate. Raises NotValid, CannotTell, or what a file that is no certificate causes."""
    reader = PdfReader(given.pdf)
    snapshot_bytes, proof = attached(reader)
    leaf, head = proof["leaf"], proof["head"]
    path = [bytes.fromhex(step) for step in proof["path"]]
    root = root_from(leaf["content"].encode(), leaf["index"], head["size"], path)
    check_head(head, root, trusted_key(given, head))
    check_leaf(json.loads(leaf["content"]), snapshot_bytes)
    snapshot = json.loads(snapshot_bytes)
    check_pages(reader, snapshot)
    return told(snapshot, leaf, head, with_people=given.participantes)


def told(snapshot: dict[str, Any], leaf: dict[str, Any], head: dict[str, Any], *, with_people: bool) -> Iterator[str]:
    signed, people = datetime.fromtimestamp(head["timestamp"] / 1000, UTC), snapshot["participants"]
    yield f"ESTÁ EN EL REGISTRO: hoja {leaf['index']} de {head['size']}, firmada el {signed:%d/%m/%Y %H:%M:%S} UTC."
    yield "Esto se registró al emitirlo. Compárelo con lo impreso:"
    yield f"  Folio {snapshot['folio']}, emitido {snapshot['issued_at']}"
    yield f"  Curso {snapshot['action_code']}, {snapshot['action_name']}"
    yield f"  Del {snapshot['starts_on']} al {snapshot['ends_on']}, {snapshot['credited_hours']} horas"
    yield f"  OTEC {snapshot['otec']['name']}, RUT {snapshot['otec']['rut']}"
    yield f"  Participantes: {len(people)}" + ("" if with_people else " (véalos con --participantes)")
    if with_people:
        yield from (f"  {one['rut_screen']:>13}  {one['percentage']:>6} %  {one['name']}" for one in people)
    yield "Si después se anuló, no se sabe sin conexión: consúltelo con el código de verificación."


def main() -> None:
    parser = argparse.ArgumentParser(description="Comprueba sin conexión un certificado de Constancia.")
    parser.add_argument("pdf", help="el certificado")
    parser.add_argument("--huella", metavar="SHA256", help="la huella de la llave del registro")
    parser.add_argument("--llave", metavar="ARCHIVO", help="la llave pública del registro, en PEM")
    parser.add_argument("--participantes", action="store_true", help="muestra también a las personas")
    given = parser.parse_args()
    if not (given.huella or given.llave):
        parser.error("indique con qué llave comprobar, con --huella o --llave; la huella está en /transparencia/")
    try:
        print("\n".join(verify(given)))
    except NotValid as problem:
        print(f"NO ES VÁLIDO. {problem}")
        sys.exit(1)
    except CannotTell as problem:
        print(f"NO SE PUDO COMPROBAR. {problem}")
        sys.exit(2)
    except (
        OSError,
        PyPdfError,
        struct.error,
        ArithmeticError,
        LookupError,
        AttributeError,
        TypeError,
        ValueError,
    ) as problem:
        print(f"NO SE PUDO COMPROBAR. El archivo o la prueba no se pueden leer ({type(problem).__name__}: {problem}).")
        sys.exit(2)


if __name__ == "__main__":
    main()
