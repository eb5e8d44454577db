"""policies are guarded as all of history is, which `flask prepare` sees to after the migrations."""

from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('DROP FUNCTION attendance_policy_is_only_added CASCADE')


def downgrade() -> None:
    op.execute("""
        CREATE FUNCTION attendance_policy_is_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'A row of attendance_policy is never changed nor taken away: add another one';
        END $$
    """)
    op.execute("""
        CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON attendance_policy
        FOR EACH ROW EXECUTE FUNCTION attendance_policy_is_only_added()
    """)
