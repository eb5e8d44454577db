"""What was printed, broken."""

from typing import Any

from sqlalchemy import text

from app.domain.rut import Rut
from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()


def line_of(history: Broken, issuance_id: int) -> dict[str, Any]:
    """The first participant printed."""
    query = text("SELECT snapshot #> '{participants,0}' FROM issuance WHERE id = :i")
    return dict(history.session.scalars(query, {"i": issuance_id}).one())


@breaks("snapshot_unchanged")
def the_address_to_verify_at_was_edited(history: Broken) -> None:
    history.run(
        """UPDATE issuance SET snapshot = snapshot || jsonb_build_object(
            'verification_url', 'https://otro.example/v/' || verification_code)"""
    )


@breaks("snapshot_unchanged")
def the_hash_was_edited(history: Broken) -> None:
    history.run("UPDATE issuance SET snapshot_sha256 = repeat('0', 64) WHERE id = :i", i=history.issuances("issued")[0])


@breaks("snapshot_as_accepted")
def something_else_was_accepted_than_was_printed(history: Broken) -> None:
    issuance_id = history.issuances("issued")[0]
    accepted = """'{"%s": "0"}'"""
    history.run(
        f"UPDATE human_task SET answers = answers || {accepted % 'content_sha256'}"
        " WHERE answers ->> 'content_sha256' = (SELECT evidence ->> 'accepted_sha256' FROM issuance WHERE id = :i)",
        i=issuance_id,
    )
    history.run(
        f"UPDATE issuance SET evidence = evidence || {accepted % 'accepted_sha256'} WHERE id = :i", i=issuance_id
    )


@breaks("snapshot_readable")
def a_snapshot_has_a_field_that_nobody_knows(history: Broken) -> None:
    history.reprint(history.issuances("issued")[0], colour="azul")


@breaks("snapshot_readable")
def a_snapshot_is_of_a_shape_to_come(history: Broken) -> None:
    history.reprint(history.issuances("issued")[0], schema=2)


@breaks("snapshot_agrees_with_issuance")
def the_number_of_the_invoice_was_corrected_in_the_row(history: Broken) -> None:
    history.run("UPDATE issuance SET document_reference = 'F-2' WHERE id = :i", i=history.issuances("issued")[0])


@breaks("snapshot_agrees_with_issuance")
def the_provider_got_another_rut(history: Broken) -> None:
    history.run(
        "UPDATE organisation SET rut_body = 76999999, check_digit = :digit"
        " WHERE id = (SELECT issued_for_id FROM issuance WHERE id = :i)",
        digit=Rut.from_body(76_999_999).check_digit,
        i=history.issuances("issued")[0],
    )


@breaks("printed_participants_well_formed")
def a_percentage_is_over_a_hundred(history: Broken) -> None:
    issuance_id = history.issuances("issued")[0]
    history.reprint(issuance_id, participants=[line_of(history, issuance_id) | {"percentage": "174.00", "shown": 174}])


@breaks("printed_participants_well_formed")
def a_participant_is_printed_twice(history: Broken) -> None:
    issuance_id = history.issuances("issued")[0]
    history.reprint(issuance_id, participants=[line_of(history, issuance_id)] * 2)


@breaks("printed_participants_well_formed")
def nobody_is_printed(history: Broken) -> None:
    history.reprint(history.issuances("issued")[0], participants=[])


@breaks("printed_participants_well_formed")
def a_rut_is_printed_with_a_wrong_digit(history: Broken) -> None:
    issuance_id = history.issuances("issued")[0]
    history.reprint(issuance_id, participants=[line_of(history, issuance_id) | {"rut_screen": "12.345.678-9"}])


@breaks("previous_folios_printed")
def a_reissue_hides_what_came_before(history: Broken) -> None:
    history.reprint(history.issuances("reissued")[1], previous_folios=[])


@breaks("verification_codes_well_formed")
def a_code_has_signs_that_are_mistaken(history: Broken) -> None:
    issuance_id, code = history.issuances("issued")[0], "O" * 26
    history.run("UPDATE issuance SET verification_code = :code WHERE id = :i", code=code, i=issuance_id)
    history.reprint(issuance_id, verification_code=code, verification_url=f"https://constancia.example/v/{code}")


@breaks("policies_known")
def a_certificate_was_computed_with_a_policy_nobody_knows(history: Broken) -> None:
    issuance_id = history.issuances("issued")[0]
    history.run("UPDATE issuance SET policy_id = 'GCA-9' WHERE id = :i", i=issuance_id)
    history.reprint(issuance_id, policy_id="GCA-9")
