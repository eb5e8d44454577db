"""What the database itself refuses: to the application's role by its rights, and to everybody by a trigger on each table."""

import json

from app.models.history_tables import HISTORY, LOCKED
from app.services.audit.invariant import in_sql

# A locked table's role may change `id` as far as its rights go; there the trigger alone refuses.
KEPT = json.dumps({table: [*columns, *(["id"] if table in LOCKED else [])] for table, columns in HISTORY.items()})
STAYS = json.dumps(HISTORY)

INVARIANTS = (
    in_sql(
        "application_only_adds_to_history",
        "El rol de la base de datos con que trabaja el sistema solo puede agregar al historial.",
        """
        SELECT 'table:' || name
        FROM jsonb_each(CAST(:kept AS jsonb)) AS kept (name, changing)
        LEFT JOIN pg_class AS c ON c.oid = to_regclass(name)
        WHERE c.oid IS NULL OR pg_has_role(relowner, 'MEMBER') OR has_table_privilege(c.oid, 'DELETE, TRUNCATE, TRIGGER')
            OR EXISTS (
                SELECT FROM pg_attribute
                WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
                    AND NOT changing ? attname AND has_column_privilege(c.oid, attnum, 'UPDATE'))
        """,
        kept=KEPT,
    ),
    in_sql(
        "history_refuses_changes",
        "Cada tabla del historial rechaza que se cambie o se quite algo, también al dueño de la base de datos.",
        """
        SELECT 'table:' || name
        FROM jsonb_each(CAST(:kept AS jsonb)) AS kept (name, changing)
        WHERE NOT EXISTS (
            SELECT FROM pg_trigger AS t
            -- Before each UPDATE, DELETE and TRUNCATE, for whoever does it.
            WHERE tgrelid = to_regclass(name) AND tgname = 'history_stays' AND tgtype & 58 = 58 AND tgenabled IN ('O', 'A')
                AND (tgattr = '' OR NOT EXISTS (
                    SELECT FROM pg_attribute
                    WHERE attrelid = tgrelid AND attnum > 0 AND NOT attisdropped
                        AND NOT changing ? attname AND attnum <> ALL (tgattr))))
        """,
        kept=STAYS,
    ),
)
