"""Cases, their tasks and their diagrams broken."""

import json

from app.process import definitions
from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()

BEGUN = "(SELECT id FROM process_instance WHERE certificate_id = :c)"
ENDED = "(SELECT min(id) FROM process_instance WHERE process_id = 'issuance' AND status = 'completed')"


@breaks("open_cases_wait_for_somebody")
def a_case_ended_in_the_engine_and_stayed_open(history: Broken) -> None:
    begun = {"c": history.certificates["begun"]}
    history.run(
        f"UPDATE process_instance SET state = (SELECT state FROM process_instance WHERE id = {ENDED}) WHERE id = {BEGUN}",
        **begun,
    )
    history.run(f"UPDATE human_task SET status = 'cancelled', closed_at = now() WHERE instance_id = {BEGUN}", **begun)


@breaks("ended_cases_are_over")
def a_task_of_an_ended_case_is_open_again(history: Broken) -> None:
    history.run(
        f"""UPDATE human_task SET status = 'open', closed_at = NULL, completed_by_id = NULL
        WHERE form = 'document_reference' AND instance_id = {ENDED}"""
    )


@breaks("ended_cases_are_over")
def an_ended_case_goes_on_in_the_engine(history: Broken) -> None:
    history.run(f"""UPDATE process_instance SET state = state || '{{"completed": false}}' WHERE id = {ENDED}""")


@breaks("ended_cases_reached_an_end")
def a_case_ended_where_its_diagram_does_not(history: Broken) -> None:
    history.run(f"UPDATE process_instance SET outcome = 'somewhere' WHERE id = {ENDED}")


@breaks("open_tasks_are_the_engines")
def a_task_is_another_one_than_the_engines(history: Broken) -> None:
    history.run(
        f"UPDATE human_task SET engine_task_id = gen_random_uuid()::text WHERE instance_id = {BEGUN}",
        c=history.certificates["begun"],
    )


@breaks("open_tasks_are_the_engines")
def the_state_of_a_case_lost_a_part(history: Broken) -> None:
    history.run(
        f"UPDATE process_instance SET state = state - 'tasks' WHERE id = {BEGUN}", c=history.certificates["begun"]
    )


@breaks("open_cases_readable")
def a_case_was_stored_by_an_engine_we_do_not_read(history: Broken) -> None:
    history.run(
        f"UPDATE process_instance SET engine_version = '3.1.2' WHERE id = {BEGUN}", c=history.certificates["begun"]
    )


@breaks("cases_follow_their_own_process")
def a_case_is_called_by_another_process(history: Broken) -> None:
    history.run(f"UPDATE process_instance SET process_id = 'annulment' WHERE id = {ENDED}")


@breaks("definitions_unchanged")
def a_diagram_was_edited_in_the_database(history: Broken) -> None:
    history.run("UPDATE process_definition SET xml = xml || ' ' WHERE process_id = 'issuance'")


@breaks("definitions_unchanged")
def a_version_is_missing(history: Broken) -> None:
    history.run("UPDATE process_definition SET version = version + 1 WHERE process_id = 'issuance'")


@breaks("called_versions_exist")
def a_version_calls_one_that_was_never_published(history: Broken) -> None:
    caller, other = (definitions.current(history.session, name) for name in ("issuance", "annulment"))
    pinned = {"version": 99, "xml": other.xml, "forms": other.forms, "decision_tables": other.decision_tables}
    called = {"annulment": pinned}
    content = caller.xml, caller.forms, caller.scenarios, caller.decision_tables
    history.run(
        "UPDATE process_definition SET called = CAST(:called AS jsonb), content_sha256 = :hash WHERE id = :id",
        called=json.dumps(called),
        hash=definitions.content_hash(*content, called),
        id=caller.id,
    )


@breaks("forms_have_answers")
def a_form_was_claimed_and_never_answered(history: Broken) -> None:
    history.run("UPDATE claimed_request SET answer = NULL")


@breaks("jobs_are_their_parts")
def a_long_work_says_it_did_nothing(history: Broken) -> None:
    history.run("UPDATE job SET done = 0")


@breaks("jobs_are_their_parts")
def a_long_work_never_ends(history: Broken) -> None:
    history.run("UPDATE job SET ended_at = NULL")


@breaks("waiting_parts_will_be_done")
def a_part_waits_that_is_in_no_queue(history: Broken) -> None:
    history.run(
        """INSERT INTO job (kind, title, scope, asked_by_id, asked_profile, asked_at, total, done)
        SELECT kind, title, scope, asked_by_id, asked_profile, now(), 1, 0 FROM job"""
    )
    history.run(
        """INSERT INTO job_chunk (job_id, number, units, is_closing, content, outcome)
        SELECT max(id), 0, 1, false, '{}', 'waiting' FROM job"""
    )
