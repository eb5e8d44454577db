"""awaited events: what cases wait for besides people, and cases that a fact begins."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

BEGUN_ONCE = 'uq_process_instance_process_id_begun_by_event_id'


def upgrade() -> None:
    op.create_table('awaited_event',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('instance_id', sa.BigInteger(), nullable=False),
    sa.Column('engine_task_id', sa.String(length=36), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.Enum('timer', 'message', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('term', sa.String(length=40), nullable=False),
    sa.Column('message', sa.String(length=60), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.Enum('waiting', 'asked', 'happened', 'cancelled', name='status', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(kind = 'timer') = (due_at IS NOT NULL)", name=op.f('ck_awaited_event_timers_fall_due')),
    sa.CheckConstraint("(kind = 'timer') = (term <> '')", name=op.f('ck_awaited_event_timers_have_a_term')),
    sa.CheckConstraint("(kind = 'message') = (message <> '')", name=op.f('ck_awaited_event_messages_have_a_name')),
    sa.CheckConstraint("(status IN ('happened', 'cancelled')) = (closed_at IS NOT NULL)", name=op.f('ck_awaited_event_closed_when_over')),
    sa.CheckConstraint("status <> 'happened' OR due_at IS NULL OR closed_at >= due_at", name=op.f('ck_awaited_event_never_early')),
    sa.ForeignKeyConstraint(['instance_id'], ['process_instance.id'], name=op.f('fk_awaited_event_instance_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_awaited_event')),
    sa.UniqueConstraint('instance_id', 'engine_task_id', name=op.f('uq_awaited_event_instance_id_engine_task_id'))
    )
    op.create_index('ix_awaited_event_due', 'awaited_event', ['due_at'], postgresql_where=sa.text("status = 'waiting' AND due_at IS NOT NULL"))
    op.add_column('process_definition', sa.Column('begins_with', sa.String(length=60), server_default='', nullable=False))
    op.add_column('process_instance', sa.Column('begun_by_event_id', sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f('fk_process_instance_begun_by_event_id'), 'process_instance', 'history_event', ['begun_by_event_id'], ['id'], ondelete='RESTRICT')
    op.create_unique_constraint(op.f(BEGUN_ONCE), 'process_instance', ['process_id', 'begun_by_event_id'])


def downgrade() -> None:
    op.drop_constraint(op.f(BEGUN_ONCE), 'process_instance')
    op.drop_column('process_instance', 'begun_by_event_id')
    op.drop_column('process_definition', 'begins_with')
    op.drop_table('awaited_event')
