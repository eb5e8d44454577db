"""The public log broken: in its facts, its leaves, its tree and its heads."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from app.domain.log_format import head_bytes, key_id
from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()


def take_out_the_last(history: Broken) -> tuple[str, int]:
    """The last leaf out of the log, with all that covers it, as if it had never come in; the fact it tells of."""
    last = "SELECT max(index) FROM log_leaf"
    (size,) = history.ids(f"{last}")
    history.run("DELETE FROM log_head WHERE size > :last", last=size)
    history.session.execute(
        text("DELETE FROM log_node WHERE number = :last / (1::bigint << level) AND :last % 2 = 1"), {"last": size}
    )
    row = history.session.execute(
        text("DELETE FROM log_leaf WHERE index = :last RETURNING kind, fact_id"), {"last": size}
    )
    kind, fact_id = row.one()
    return kind, fact_id


@breaks("log_holds_every_fact")
def a_fact_never_came_in(history: Broken) -> None:
    take_out_the_last(history)


@breaks("log_holds_only_facts")
def something_waits_that_never_was(history: Broken) -> None:
    history.run("INSERT INTO log_pending (kind, fact_id) VALUES ('issuance', 987654)")


@breaks("facts_enter_the_log_in_time")
def a_fact_still_waits(history: Broken) -> None:
    kind, fact_id = take_out_the_last(history)
    history.run("INSERT INTO log_pending (kind, fact_id) VALUES (:kind, :fact)", kind=kind, fact=fact_id)


@breaks("leaves_tell_their_facts")
def the_reason_of_a_decision_was_rewritten(history: Broken) -> None:
    history.run("UPDATE annulment_decision SET reason = reason || ' Y algo más.'")


@breaks("leaves_tell_their_facts")
def the_acceptance_of_an_issue_was_rewritten(history: Broken) -> None:
    history.run(
        "UPDATE issuance SET evidence = evidence || :more WHERE id = :i",
        more='{"text_shown": "Otro texto"}',
        i=history.issuances("issued")[0],
    )


@breaks("leaves_hash_their_content")
def a_leaf_was_written_otherwise(history: Broken) -> None:
    history.run("UPDATE log_leaf SET content = content || ' ' WHERE index = 1")


@breaks("subtrees_hash_their_halves")
def a_subtree_is_another(history: Broken) -> None:
    history.run("UPDATE log_node SET hash = sha256('x') WHERE level = 1 AND number = 0")


@breaks("subtrees_hash_their_halves")
def a_subtree_is_missing(history: Broken) -> None:
    history.run("DELETE FROM log_node WHERE level = 2 AND number = 0")


@breaks("heads_have_the_root_of_their_size")
def a_head_well_signed_is_of_another_log(history: Broken) -> None:
    key = Ed25519PrivateKey.generate()
    kind = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    public, root = key.public_key().public_bytes(*kind), bytes(32)
    head = history.session.execute(text("SELECT id, size, signed_at FROM log_head ORDER BY id LIMIT 1")).one()
    history.run(
        "INSERT INTO log_key (id, public_key, first_used_at) VALUES (:id, :public, now())",
        id=key_id(public),
        public=public,
    )
    history.run(
        "UPDATE log_head SET root = :root, signature = :signature, key_id = :key WHERE id = :id",
        root=root,
        signature=key.sign(head_bytes(head.size, root, head.signed_at)),
        key=key_id(public),
        id=head.id,
    )


@breaks("heads_are_signed")
def a_head_is_of_another_minute(history: Broken) -> None:
    history.run(
        "UPDATE log_head SET signed_at = signed_at + interval '1 minute' WHERE id = (SELECT max(id) FROM log_head)"
    )
