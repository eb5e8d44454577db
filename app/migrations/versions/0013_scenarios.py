"""scenarios: they travel with drafts and versions, and an administrator says how much of a diagram they go through."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

TABLES = ('process_definition', 'process_draft')


def upgrade() -> None:
    """Versions from before have none, and keep their hash."""
    for table in TABLES:
        op.add_column(table, sa.Column('scenarios', postgresql.JSONB(), server_default='{}', nullable=False))
    op.create_table('coverage_rule',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('percent BETWEEN 0 AND 100', name=op.f('ck_coverage_rule_a_share')),
    sa.ForeignKeyConstraint(['set_by_id'], ['person.id'], name=op.f('fk_coverage_rule_set_by_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coverage_rule'))
    )


def downgrade() -> None:
    op.drop_table('coverage_rule')
    for table in TABLES:
        op.drop_column(table, 'scenarios')
