"""decision tables: they travel with drafts and versions, beside forms and scenarios."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

TABLES = ('process_definition', 'process_draft')


def upgrade() -> None:
    """Versions from before have none, and keep their hash."""
    for table in TABLES:
        op.add_column(table, sa.Column('decision_tables', postgresql.JSONB(), server_default='{}', nullable=False))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, 'decision_tables')
