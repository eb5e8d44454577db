"""bulk issues."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

KINDS = ('recomputation', 'attendance_export')
NEW_KINDS = ('bulk_review', 'bulk_issue')


def upgrade() -> None:
    know_kinds(KINDS + NEW_KINDS)
    op.create_table('bulk_issue',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('review_job_id', sa.BigInteger(), nullable=False),
    sa.Column('issue_job_id', sa.BigInteger(), nullable=True),
    sa.Column('authenticated_by', sa.String(length=20), nullable=True),
    sa.CheckConstraint('(issue_job_id IS NULL) = (authenticated_by IS NULL)', name=op.f('ck_bulk_issue_accepted_by_somebody_known')),
    sa.ForeignKeyConstraint(['issue_job_id'], ['job.id'], name=op.f('fk_bulk_issue_issue_job_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['review_job_id'], ['job.id'], name=op.f('fk_bulk_issue_review_job_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_issue')),
    sa.UniqueConstraint('issue_job_id', name=op.f('uq_bulk_issue_issue_job_id')),
    sa.UniqueConstraint('review_job_id', name=op.f('uq_bulk_issue_review_job_id'))
    )
    op.create_table('bulk_issue_row',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('bulk_issue_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.BigInteger(), nullable=False),
    sa.Column('document_reference', sa.String(length=60), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=True),
    sa.Column('participants', sa.Integer(), nullable=True),
    sa.Column('below_threshold', sa.Integer(), nullable=True),
    sa.Column('provisional', sa.Integer(), nullable=True),
    sa.Column('problem', sa.String(length=500), nullable=True),
    sa.Column('issuance_id', sa.BigInteger(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('issuance_id IS NULL OR content_sha256 IS NOT NULL', name=op.f('ck_bulk_issue_row_issued_as_reviewed')),
    sa.CheckConstraint('issuance_id IS NULL OR problem IS NULL', name=op.f('ck_bulk_issue_row_issued_or_not')),
    sa.ForeignKeyConstraint(['action_id'], ['training_action.id'], name=op.f('fk_bulk_issue_row_action_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['bulk_issue_id'], ['bulk_issue.id'], name=op.f('fk_bulk_issue_row_bulk_issue_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['issuance_id'], ['issuance.id'], name=op.f('fk_bulk_issue_row_issuance_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_issue_row')),
    sa.UniqueConstraint('bulk_issue_id', 'action_id', name=op.f('uq_bulk_issue_row_bulk_issue_id_action_id')),
    sa.UniqueConstraint('bulk_issue_id', 'position', name=op.f('uq_bulk_issue_row_bulk_issue_id_position'))
    )


def downgrade() -> None:
    op.drop_table('bulk_issue_row')
    op.drop_table('bulk_issue')
    know_kinds(KINDS)


def know_kinds(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f('ck_job_kind'), 'job')
    op.create_check_constraint(op.f('ck_job_kind'), 'job', sa.column('kind').in_(kinds))
