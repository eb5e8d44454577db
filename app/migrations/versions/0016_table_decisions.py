"""table decisions: by which rows of which table a case went as it did."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('table_decision',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('instance_id', sa.BigInteger(), nullable=False),
    sa.Column('table_name', sa.String(length=130), nullable=False),
    sa.Column('rules', sa.ARRAY(sa.Integer()), nullable=False),
    sa.Column('read', postgresql.JSONB(), nullable=False),
    sa.Column('given', postgresql.JSONB(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['process_instance.id'], name=op.f('fk_table_decision_instance_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_table_decision'))
    )
    op.create_index(op.f('ix_table_decision_instance_id'), 'table_decision', ['instance_id'])


def downgrade() -> None:
    op.drop_table('table_decision')
