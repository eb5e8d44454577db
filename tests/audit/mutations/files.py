"""Files broken."""

import hashlib

from sqlalchemy import text

from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()


@breaks("issuances_get_their_document")
def a_pdf_is_gone_with_its_row(history: Broken) -> None:
    history.document("issued").unlink()
    history.run("DELETE FROM document WHERE issuance_id = :i", i=history.issuances("issued")[0])
    history.run(
        "DELETE FROM history_event WHERE kind = 'document_stored' AND certificate_id = :c",
        c=history.certificates["issued"],
    )


@breaks("document_files_exist")
def a_pdf_was_deleted(history: Broken) -> None:
    history.document("issued").unlink()


@breaks("document_files_unchanged")
def one_bit_of_a_pdf_flipped(history: Broken) -> None:
    path = history.document("issued")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@breaks("document_files_unchanged")
def a_row_says_another_length(history: Broken) -> None:
    history.run("UPDATE document SET size = size + 1 WHERE issuance_id = :i", i=history.issuances("issued")[0])


@breaks("documents_are_pdf")
def what_was_stored_is_no_pdf(history: Broken) -> None:
    content = b"<html>502 Bad Gateway</html>"
    history.document("issued").unlink()
    history.run(
        "UPDATE document SET sha256 = :sha256, size = :size, signed_with = NULL WHERE issuance_id = :i",
        sha256=history.storage.put(content),
        size=len(content),
        i=history.issuances("issued")[0],
    )


@breaks("other_files_unchanged")
def what_was_attached_to_a_request_was_cut(history: Broken) -> None:
    sha256 = history.session.scalars(text("SELECT sha256 FROM retroactive_attachment")).one()
    history.file(sha256).write_bytes(b"%PDF-")


@breaks("other_files_unchanged")
def what_was_attached_to_a_request_was_deleted(history: Broken) -> None:
    sha256 = history.session.scalars(text("SELECT sha256 FROM retroactive_attachment")).one()
    history.file(sha256).unlink()


@breaks("files_have_rows")
def a_file_is_nobodys(history: Broken) -> None:
    content = b"%PDF-1.7 de nadie"
    path = history.file(hashlib.sha256(content).hexdigest())
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    history.grow_old(path)


@breaks("files_have_rows")
def a_killed_write_left_its_half(history: Broken) -> None:
    path = history.document("issued").with_name(".tmp-abc")
    path.write_bytes(b"%PDF-")
    history.grow_old(path)
