"""Versions of processes and the drafts they come from broken."""

from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()


@breaks("versions_were_approved_by_another")
def an_approval_is_another_persons(history: Broken) -> None:
    history.run(
        """UPDATE process_definition AS d SET approver_id = (SELECT min(id) FROM person WHERE id NOT IN (author_id, approver_id))
        WHERE author_id IS NOT NULL"""
    )


@breaks("versions_were_approved_by_another")
def what_was_approved_is_not_what_runs(history: Broken) -> None:
    history.run("UPDATE process_draft SET xml = xml || ' ' WHERE status = 'published'")


@breaks("versions_were_approved_by_another")
def a_version_has_no_proposal(history: Broken) -> None:
    history.run(
        "UPDATE process_draft SET status = 'discarded', definition_id = NULL, proposed_at = NULL, proposed_by_id = NULL"
    )


@breaks("versions_were_approved_by_another")
def an_approval_is_not_in_the_history(history: Broken) -> None:
    history.run("DELETE FROM draft_event WHERE kind = 'published'")


@breaks("versions_follow_one_another")
def an_overtaken_version_was_never_retired(history: Broken) -> None:
    history.run("UPDATE process_definition SET retired_at = NULL, retired_by_id = NULL WHERE retired_at IS NOT NULL")


@breaks("versions_follow_one_another")
def the_last_version_is_retired(history: Broken) -> None:
    history.run("UPDATE process_definition SET retired_at = starts_at WHERE retired_at IS NULL")
