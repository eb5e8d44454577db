"""timers, holidays and incidents."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('holiday',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('region', sa.String(length=2), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.BigInteger(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)', name=op.f('ck_holiday_withdrawn_by_somebody')),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_holiday_added_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['withdrawn_by_id'], ['person.id'], name=op.f('fk_holiday_withdrawn_by_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_holiday'))
    )
    with op.batch_alter_table('holiday', schema=None) as batch_op:
        batch_op.create_index('uq_holiday_one_standing', ['day', 'region'], unique=True, postgresql_nulls_not_distinct=True, postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('incident',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('effect_id', sa.BigInteger(), nullable=True),
    sa.Column('instance_id', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolution', sa.Enum('retried', 'dismissed', name='resolution', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('(resolved_at IS NULL) = (resolution IS NULL)', name=op.f('ck_incident_resolved_how')),
    sa.CheckConstraint('(resolved_at IS NULL) = (resolved_by_id IS NULL)', name=op.f('ck_incident_resolved_by_somebody')),
    sa.ForeignKeyConstraint(['effect_id'], ['effect.id'], name=op.f('fk_incident_effect_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['instance_id'], ['process_instance.id'], name=op.f('fk_incident_instance_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['resolved_by_id'], ['person.id'], name=op.f('fk_incident_resolved_by_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident'))
    )
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.create_index('ix_incident_open', ['kind', 'id'], unique=False, postgresql_where=sa.text('resolved_at IS NULL'))
        batch_op.create_index('uq_incident_one_open_per_effect', ['effect_id'], unique=True, postgresql_where=sa.text('resolved_at IS NULL AND effect_id IS NOT NULL'))
        batch_op.create_index('uq_incident_one_open_per_instance', ['instance_id', 'kind'], unique=True, postgresql_where=sa.text('resolved_at IS NULL AND instance_id IS NOT NULL'))

    op.create_table('task_timer',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('task_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Enum('reminder_50', 'reminder_80', 'reminder_100', 'escalation', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('fired_at >= due_at', name=op.f('ck_task_timer_never_early')),
    sa.CheckConstraint('fired_at IS NULL OR cancelled_at IS NULL', name=op.f('ck_task_timer_fired_or_cancelled')),
    sa.ForeignKeyConstraint(['task_id'], ['human_task.id'], name=op.f('fk_task_timer_task_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_timer')),
    sa.UniqueConstraint('task_id', 'kind', name=op.f('uq_task_timer_task_id_kind'))
    )
    with op.batch_alter_table('task_timer', schema=None) as batch_op:
        batch_op.create_index('ix_task_timer_waiting', ['due_at'], unique=False, postgresql_where=sa.text('fired_at IS NULL AND cancelled_at IS NULL'))

    with op.batch_alter_table('effect', schema=None) as batch_op:
        batch_op.add_column(sa.Column('begun_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('human_task', schema=None) as batch_op:
        batch_op.add_column(sa.Column('escalated_at', sa.DateTime(timezone=True), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('human_task', schema=None) as batch_op:
        batch_op.drop_column('escalated_at')

    with op.batch_alter_table('effect', schema=None) as batch_op:
        batch_op.drop_column('begun_at')

    with op.batch_alter_table('task_timer', schema=None) as batch_op:
        batch_op.drop_index('ix_task_timer_waiting', postgresql_where=sa.text('fired_at IS NULL AND cancelled_at IS NULL'))

    op.drop_table('task_timer')
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.drop_index('uq_incident_one_open_per_instance', postgresql_where=sa.text('resolved_at IS NULL AND instance_id IS NOT NULL'))
        batch_op.drop_index('uq_incident_one_open_per_effect', postgresql_where=sa.text('resolved_at IS NULL AND effect_id IS NOT NULL'))
        batch_op.drop_index('ix_incident_open', postgresql_where=sa.text('resolved_at IS NULL'))

    op.drop_table('incident')
    with op.batch_alter_table('holiday', schema=None) as batch_op:
        batch_op.drop_index('uq_holiday_one_standing', postgresql_nulls_not_distinct=True, postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.drop_table('holiday')
