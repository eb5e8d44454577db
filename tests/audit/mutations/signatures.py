"""Signatures broken, in files that are what their rows say."""

from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()


def store_instead(history: Broken, content: bytes) -> None:
    history.document("issued").unlink()
    history.run(
        "UPDATE document SET sha256 = :sha256, size = :size WHERE issuance_id = :i",
        sha256=history.storage.put(content),
        size=len(content),
        i=history.issuances("issued")[0],
    )


@breaks("signatures_intact")
def something_was_added_after_the_signature(history: Broken) -> None:
    store_instead(history, history.document("issued").read_bytes() + b"\n% Y algo mas.\n%%EOF\n")


@breaks("signatures_intact")
def one_bit_flipped_before_it_was_stored(history: Broken) -> None:
    content = bytearray(history.document("issued").read_bytes())
    content[len(content) // 2] ^= 1
    store_instead(history, bytes(content))


@breaks("signatures_intact")
def it_was_signed_by_somebody_else(history: Broken) -> None:
    """The certificate of the row is another than the one in the file."""
    history.run(
        "INSERT INTO signing_certificate SELECT 'other', certificate || '\\x00', subject, first_used_at FROM signing_certificate"
    )
    history.run("UPDATE document SET signed_with = 'other' WHERE issuance_id = :i", i=history.issuances("issued")[0])
