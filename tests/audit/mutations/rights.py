"""The database made to allow what it refuses: by rights given, by triggers taken away."""

from sqlalchemy import text

from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()


def do(history: Broken, statement: str) -> None:
    history.session.execute(text(statement.format(role=history.application)))


@breaks("application_only_adds_to_history")
def it_may_change_every_column_of_an_issue(history: Broken) -> None:
    do(history, "GRANT UPDATE ON issuance TO {role}")


@breaks("application_only_adds_to_history")
def it_may_change_one_column_of_a_decision(history: Broken) -> None:
    do(history, "GRANT UPDATE (reason) ON annulment_decision TO {role}")


@breaks("application_only_adds_to_history")
def everybody_may_take_marks_away(history: Broken) -> None:
    do(history, "GRANT DELETE ON attendance_mark TO PUBLIC")


@breaks("application_only_adds_to_history")
def it_may_empty_the_log(history: Broken) -> None:
    do(history, "GRANT TRUNCATE ON log_leaf TO {role}")


@breaks("application_only_adds_to_history")
def it_owns_a_table(history: Broken) -> None:
    do(history, "ALTER TABLE history_event OWNER TO {role}")
    do(history, "REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER ON history_event FROM {role}")


@breaks("history_refuses_changes")
def a_trigger_was_switched_off(history: Broken) -> None:
    do(history, "ALTER TABLE issuance DISABLE TRIGGER history_stays")


@breaks("history_refuses_changes")
def a_trigger_is_gone(history: Broken) -> None:
    do(history, "DROP TRIGGER history_stays ON certificate")


@breaks("history_refuses_changes")
def a_trigger_lets_a_table_be_emptied(history: Broken) -> None:
    do(
        history,
        "CREATE OR REPLACE TRIGGER history_stays BEFORE UPDATE OR DELETE ON document"
        " FOR EACH STATEMENT EXECUTE FUNCTION history_stays()",
    )


@breaks("history_refuses_changes")
def a_trigger_forgot_a_column(history: Broken) -> None:
    do(
        history,
        "CREATE OR REPLACE TRIGGER history_stays BEFORE UPDATE OF id, mark_id OR DELETE OR TRUNCATE ON attendance_mark"
        " FOR EACH STATEMENT EXECUTE FUNCTION history_stays()",
    )
