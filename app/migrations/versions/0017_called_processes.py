"""called processes: a version carries those that it calls, and their tasks and events are named after them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

NAMES = (('human_task', 'key'), ('human_task', 'form'), ('awaited_event', 'key'))


def upgrade() -> None:
    """Versions from before call nothing, and keep their hash."""
    op.add_column('process_definition', sa.Column('called', postgresql.JSONB(), server_default='{}', nullable=False))
    for table, column in NAMES:
        op.alter_column(table, column, type_=sa.String(length=121), existing_nullable=False)


def downgrade() -> None:
    for table, column in NAMES:
        op.alter_column(table, column, type_=sa.String(length=60), existing_nullable=False)
    op.drop_column('process_definition', 'called')
