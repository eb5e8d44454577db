"""the certificates that PDFs are signed with, and which one signed each."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('signing_certificate',
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('certificate', sa.LargeBinary(), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('first_used_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('fingerprint', name=op.f('pk_signing_certificate'))
    )
    op.add_column('document', sa.Column('signed_with', sa.String(length=64), nullable=True))
    op.create_foreign_key(op.f('fk_document_signed_with'), 'document', 'signing_certificate', ['signed_with'], ['fingerprint'], ondelete='RESTRICT')
    op.create_index(op.f('ix_document_sha256'), 'document', ['sha256'])


def downgrade() -> None:
    op.drop_index(op.f('ix_document_sha256'), table_name='document')
    op.drop_constraint(op.f('fk_document_signed_with'), 'document', type_='foreignkey')
    op.drop_column('document', 'signed_with')
    op.drop_table('signing_certificate')
