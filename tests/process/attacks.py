"""Files that attack whoever reads them as XML: each with what must become of it. Run as a program it measures them."""

import gzip
import io
import json
import os
import resource
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.process import diagrams
from app.process.safe_xml import InvalidDiagram

PLAIN = (Path(__file__).parents[2] / "workflows/annulment.bpmn").read_text(encoding="utf-8")
PROLOG = '<?xml version="1.0" encoding="UTF-8"?>'
BODY = PLAIN.removeprefix(PROLOG).strip()
SECRET = Path(__file__)
WORDS_OF_THE_SECRET = "only this file says so"
PAGE = os.sysconf("SC_PAGE_SIZE")

REFUSED, SAME, TAKEN = "refused", "same", "taken"
"""Not taken; taken and the same as the plain diagram; taken, and for the gate to refuse."""

Attack = tuple[str, Callable[[], bytes | str]]


def before(text: str, declared: str = PROLOG) -> str:
    """The diagram with something between the declaration and the root."""
    return f"{declared}\n{text}{BODY}"


def inside(text: str) -> str:
    """The diagram with something more under its root."""
    return PROLOG + BODY.replace("<collaboration ", f"{text}<collaboration ", 1)


def changed(old: str, new: str) -> str:
    assert old in PLAIN
    return PLAIN.replace(old, new, 1)


def entities(*declared: str, used: str = "&a;") -> str:
    return before(f"<!DOCTYPE definitions [{''.join(declared)}]>").replace("¿Se aprueba?", used)


def laughs() -> list[str]:
    first = '<!ENTITY a0 "ja">'
    return [first, *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)), '<!ENTITY a "&a9;">']


def nested(depth: int) -> str:
    return inside("<documentation>" * depth + "</documentation>" * depth)


def many(attribute: str, times: int) -> str:
    return f"<text {' '.join(map(attribute.format, range(times)))}/>"


def packed(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("diagram.bpmn", content)
    return file.getvalue()


def drawn(times: int) -> str:
    shape = '<bpmndi:BPMNShape bpmnElement="is_granted"/>'
    return changed("</bpmndi:BPMNPlane>", shape * times + "</bpmndi:BPMNPlane>")


def growing() -> str:
    """Each namespace is written once here, and once an element in the canonical text."""
    declared = " ".join(f'xmlns:p{n}="urn:{"x" * 90}{n}"' for n in range(30))
    used = " ".join(f'p{n}:a=""' for n in range(30))
    return inside(f"<documentation {declared}>{f'<text {used}/>' * 400}</documentation>")


DOCTYPES: dict[str, Attack] = {
    "doctype": (REFUSED, lambda: before("<!DOCTYPE definitions>")),
    "doctype_after_a_comment": (REFUSED, lambda: before("<!-- x --><!DOCTYPE definitions>")),
    "doctype_in_small_letters": (REFUSED, lambda: before("<!doctype definitions>")),
    "doctype_in_utf_16": (REFUSED, lambda: before("<!DOCTYPE definitions>", "").encode("utf-16")),
    "entity": (REFUSED, lambda: entities('<!ENTITY a "texto">')),
    "entity_of_itself": (REFUSED, lambda: entities('<!ENTITY a "&b;">', '<!ENTITY b "&a;">')),
    "entity_unused": (REFUSED, lambda: entities('<!ENTITY a "texto">', used="")),
    "billion_laughs": (REFUSED, lambda: entities(*laughs())),
    "billion_laughs_in_an_attribute": (
        REFUSED,
        lambda: entities(*laughs()).replace('name="Dirección Regional"', 'name="&a;"'),
    ),
    "quadratic_blowup": (REFUSED, lambda: entities(f'<!ENTITY a "{"x" * 100_000}">', used="&a;" * 100_000)),
    "file_entity": (REFUSED, lambda: entities(f'<!ENTITY a SYSTEM "file://{SECRET}">')),
    "http_entity": (REFUSED, lambda: entities('<!ENTITY a SYSTEM "http://127.0.0.1:9/secret">')),
    "device_entity": (REFUSED, lambda: entities('<!ENTITY a SYSTEM "file:///dev/zero">')),
    "program_entity": (REFUSED, lambda: entities('<!ENTITY a SYSTEM "expect://id">')),
    "parameter_entity": (REFUSED, lambda: entities('<!ENTITY % p "<!ENTITY a &#39;x&#39;>">', "%p;")),
    "parameter_entity_from_afar": (REFUSED, lambda: entities('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">', "%p;")),
    "external_dtd": (REFUSED, lambda: before(f'<!DOCTYPE definitions SYSTEM "file://{SECRET}">')),
    "public_dtd": (REFUSED, lambda: before('<!DOCTYPE definitions PUBLIC "-//X//Y" "http://127.0.0.1:9/x.dtd">')),
    "attributes_by_default": (
        REFUSED,
        lambda: entities('<!ATTLIST userTask implementation CDATA "python">', used=""),
    ),
    "notation": (REFUSED, lambda: entities('<!NOTATION n SYSTEM "file:///bin/sh">', used="")),
    "entity_nobody_declared": (REFUSED, lambda: changed("¿Se aprueba?", "&secreto;")),
    "entity_of_html": (REFUSED, lambda: changed("¿Se aprueba?", "&nbsp;")),
}
ENCODINGS: dict[str, Attack] = {
    "utf_16": (REFUSED, lambda: before("", "").encode("utf-16")),
    "utf_16_without_mark": (REFUSED, lambda: before("", "").encode("utf-16-be")),
    "utf_32": (REFUSED, lambda: before("", "").encode("utf-32")),
    "utf_7": (REFUSED, lambda: before("+ADw-!DOCTYPE x+AD4-", '<?xml version="1.0" encoding="UTF-7"?>')),
    "latin_1": (
        REFUSED,
        lambda: before("", '<?xml version="1.0" encoding="ISO-8859-1"?>').encode("latin-1", "replace"),
    ),
    "latin_1_undeclared": (REFUSED, lambda: before("").encode("latin-1", "replace")),
    "ebcdic": (REFUSED, lambda: before("").encode("cp037", "replace")),
    "declared_utf_16_written_utf_8": (REFUSED, lambda: before("", '<?xml version="1.0" encoding="UTF-16"?>')),
    "declared_in_a_long_name": (REFUSED, lambda: before("", f'<?xml version="1.0" encoding="{"x" * 500_000}"?>')),
    "xml_1_1": (REFUSED, lambda: before("", '<?xml version="1.1" encoding="UTF-8"?>')),
    "byte_order_mark": (SAME, lambda: b"\xef\xbb\xbf" + PLAIN.encode()),
    "two_byte_order_marks": (REFUSED, lambda: b"\xef\xbb\xbf\xef\xbb\xbf" + PLAIN.encode()),
    "a_byte_that_is_no_utf_8": (REFUSED, lambda: PLAIN.encode().replace(b"Se aprueba", b"Se \xff aprueba")),
    "overlong_utf_8": (REFUSED, lambda: PLAIN.encode().replace(b"Se aprueba", b"Se \xc0\xbcscript aprueba")),
    "half_a_character": (REFUSED, lambda: PLAIN.encode().replace(b"Se aprueba", b"Se \xed\xa0\x80 aprueba")),
    "null_byte": (REFUSED, lambda: changed("¿Se aprueba?", "¿Se\0aprueba?")),
    "null_reference": (REFUSED, lambda: changed("¿Se aprueba?", "&#0;")),
    "half_a_character_by_reference": (REFUSED, lambda: changed("¿Se aprueba?", "&#xD800;")),
    "bell_by_reference": (REFUSED, lambda: changed("¿Se aprueba?", "&#7;")),
    "beyond_unicode": (REFUSED, lambda: changed("¿Se aprueba?", "&#x110000;")),
    "right_to_left": (REFUSED, lambda: changed("granted == True", "granted \u202e== True")),
    "lines_of_windows": (SAME, lambda: PLAIN.replace("\n", "\r\n")),
}
SIZES: dict[str, Attack] = {
    "over_a_megabyte": (REFUSED, lambda: PLAIN + " " * 1_000_000),
    "sixty_megabytes": (REFUSED, lambda: b"<" * 60_000_000),
    "a_long_text": (REFUSED, lambda: inside(f"<documentation>{'x' * 900_000}</documentation>")),
    "a_long_text_in_pieces": (REFUSED, lambda: inside(f"<documentation>{'x<!---->' * 90_000}</documentation>")),
    "a_long_cdata": (REFUSED, lambda: inside(f"<documentation><![CDATA[{'<' * 900_000}]]></documentation>")),
    "a_hundred_thousand_references": (REFUSED, lambda: inside(f"<documentation>{'&#65;' * 150_000}</documentation>")),
    "five_hundred_elements_more": (REFUSED, lambda: inside("<documentation/>" * 501)),
    "two_hundred_thousand_elements": (REFUSED, lambda: inside("<a/>" * 200_000)),
    "six_thousand_drawn": (REFUSED, lambda: drawn(6_000)),
    "a_hundred_thousand_deep": (REFUSED, lambda: inside("<a>" * 140_000 + "</a>" * 140_000)[:990_000]),
    "twenty_deep": (REFUSED, lambda: nested(20)),
    "a_hundred_thousand_attributes": (
        REFUSED,
        lambda: inside(many("a{:x}=''", 90_000)),
    ),
    "a_long_attribute": (REFUSED, lambda: inside(f'<text name="{"x" * 900_000}"/>')),
    "a_long_attribute_name": (REFUSED, lambda: inside(f'<text {"x" * 900_000}=""/>')),
    "a_long_element_name": (REFUSED, lambda: inside(f"<{'x' * 900_000}/>")),
    "fifty_thousand_namespaces": (
        REFUSED,
        lambda: inside(many("xmlns:a{:x}='u'", 50_000)),
    ),
    "a_long_namespace": (REFUSED, lambda: inside(f'<text xmlns="{"x" * 900_000}"/>')),
    "a_canonical_text_that_grows": (REFUSED, growing),
    "a_long_comment": (SAME, lambda: before(f"<!--{'x' * 900_000}-->")),
    "a_hundred_thousand_comments": (SAME, lambda: before("<!---->" * 100_000)),
    "gzip": (REFUSED, lambda: gzip.compress(PLAIN.encode())),
    "gzip_bomb": (REFUSED, lambda: gzip.compress(b"<" * 50_000_000)),
    "zip_in_disguise": (REFUSED, lambda: packed(PLAIN.encode())),
}
TRICKS: dict[str, Attack] = {
    "same_id_twice": (REFUSED, lambda: changed('id="record_decision"', 'id="record_request"')),
    "id_that_ends_a_path": (REFUSED, lambda: changed('id="is_granted"', """id="x'] | //*['" """)),
    "id_with_a_line_break": (REFUSED, lambda: changed('id="is_granted"', 'id="is&#10;granted"')),
    "id_without_end": (REFUSED, lambda: changed('id="is_granted"', f'id="{"x" * 1_000}"')),
    "style_sheet": (REFUSED, lambda: before('<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:9/x.xsl"?>')),
    "instruction_inside": (REFUSED, lambda: inside("<?php system('id') ?>")),
    "second_declaration": (REFUSED, lambda: inside(PROLOG)),
    "inclusion": (
        TAKEN,
        lambda: inside(f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" parse="text" href="file://{SECRET}"/>'),
    ),
    "schema_from_afar": (
        TAKEN,
        lambda: inside('<text xsi:schemaLocation="urn:x http://127.0.0.1:9/x.xsd"/>'),
    ),
    "import_from_afar": (
        TAKEN,
        lambda: inside('<import importType="x" namespace="x" location="http://127.0.0.1:9/x"/>'),
    ),
    "another_base": (TAKEN, lambda: changed("<definitions ", '<definitions xml:base="http://127.0.0.1:9/" ')),
    "comment_inside_a_reference": (SAME, lambda: changed(">decide_annulment<", ">decide_<!-- x -->annulment<")),
    "comment_inside_a_condition": (SAME, lambda: changed("granted == True", "granted<!-- or True --> == True")),
    "cdata_condition": (SAME, lambda: changed("granted == True", "<![CDATA[granted == True]]>")),
    "condition_by_references": (SAME, lambda: changed("granted == True", "&#103;ranted &#61;= True")),
    "another_prefix_for_the_same": (
        TAKEN,
        lambda: PLAIN.replace("constancia:", "c:").replace("xmlns:constancia=", "xmlns:c="),
    ),
    "almost_the_namespace": (REFUSED, lambda: PLAIN.replace("20100524/MODEL", "20100524/MODEL/")),
    "prefix_nobody_declared": (REFUSED, lambda: inside("<nobody:text/>")),
    "prefix_of_xml_for_another": (REFUSED, lambda: changed("<definitions ", '<definitions xmlns:xml="urn:x" ')),
    "attribute_twice": (REFUSED, lambda: changed('id="is_granted"', 'id="is_granted" id="other"')),
    "attribute_twice_by_two_prefixes": (
        REFUSED,
        lambda: inside('<text xmlns:p="urn:x" xmlns:q="urn:x" p:a="1" q:a="2"/>'),
    ),
    "process_hidden_in_an_extension": (
        REFUSED,
        lambda: inside('<extensionElements><process id="other" isExecutable="true"/></extensionElements>'),
    ),
    "two_roots": (REFUSED, lambda: PLAIN + BODY),
    "text_after_the_end": (REFUSED, lambda: PLAIN + "granted == True"),
    "not_closed": (REFUSED, lambda: PLAIN[:-20]),
    "nothing": (REFUSED, lambda: ""),
    "a_page": (REFUSED, lambda: "<html><script>alert(1)</script></html>"),
    "an_object": (REFUSED, lambda: '{"id": "annulment"}'),
}
ATTACKS = DOCTYPES | ENCODINGS | SIZES | TRICKS


def content_of(name: str) -> bytes:
    built = ATTACKS[name][1]()
    return built.encode() if isinstance(built, str) else built


def became(content: bytes) -> dict[str, Any]:
    """What we make of it: a refusal with its sentence, or a diagram."""
    try:
        diagram = diagrams.read(content)
    except InvalidDiagram as refused:
        return {"became": REFUSED, "sentence": str(refused)}
    again = diagrams.read(diagram.xml.encode())
    same = diagram.xml == diagrams.read(PLAIN.encode()).xml
    return {
        "became": SAME if same else TAKEN,
        "stable": again.xml == diagram.xml,
        "leaks": WORDS_OF_THE_SECRET in diagram.xml,
    }


def measured(name: str) -> dict[str, Any]:
    """In a process of its own, so that what one takes is not what another left."""
    content = content_of(name)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        begun = time.perf_counter()
        result = became(content)
        seconds = time.perf_counter() - begun
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        os.write(writing, json.dumps(result | {"seconds": seconds, "megabytes": (most - pages * PAGE) / 1e6}).encode())
        os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as answer:  # noqa: PTH123
        text = answer.read()
    os.waitpid(child, 0)
    found: dict[str, Any] = json.loads(text)
    return found


if __name__ == "__main__":
    diagrams.read(PLAIN.encode())
    json.dump({name: measured(name) for name in ATTACKS}, sys.stdout)
