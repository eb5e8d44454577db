"""marks read from their index."""

from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_attendance_mark_class', table_name='attendance_mark')
    op.drop_index('ix_attendance_mark_participant', table_name='attendance_mark')
    op.create_index('ix_attendance_mark_participant', 'attendance_mark', ['participant_id', 'class_held_id'], postgresql_include=['marked_at', 'kind', 'validation'])


def downgrade() -> None:
    op.drop_index('ix_attendance_mark_participant', table_name='attendance_mark')
    op.create_index('ix_attendance_mark_participant', 'attendance_mark', ['participant_id', 'class_held_id'])
    op.create_index('ix_attendance_mark_class', 'attendance_mark', ['class_held_id'])
