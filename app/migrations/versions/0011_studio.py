"""studio: drafts of processes, and definitions that people wrote and approved."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

TABLE = 'process_definition'
PEOPLE = ('author_id', 'approver_id', 'retired_by_id')
CHECKS = {
    'who_wrote_it_does_not_approve': 'author_id <> approver_id',
    'one_author': 'num_nonnulls(author, author_id) = 1',
    'one_approver': 'num_nonnulls(approver, approver_id) = 1',
    'people_say_why': 'author_id IS NULL OR length(trim(note)) > 0',
    'starts_once_published': 'starts_at >= published_at',
    'retired_at_a_time': 'retired_by_id IS NULL OR retired_at IS NOT NULL',
}


def upgrade() -> None:
    change_definitions()
    create_drafts()
    op.create_table('draft_event',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('draft_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Enum('started', 'proposed', 'returned', 'published', 'discarded', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.CheckConstraint("kind NOT IN ('proposed', 'returned') OR length(trim(note)) > 0", name=op.f('ck_draft_event_says_why')),
    sa.ForeignKeyConstraint(['draft_id'], ['process_draft.id'], name=op.f('fk_draft_event_draft_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_draft_event_person_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_event'))
    )
    op.create_index(op.f('ix_draft_event_draft_id'), 'draft_event', ['draft_id'])
    op.create_table('draft_presence',
    sa.Column('draft_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['draft_id'], ['process_draft.id'], name=op.f('fk_draft_presence_draft_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_draft_presence_person_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('draft_id', 'person_id', name=op.f('pk_draft_presence'))
    )


def change_definitions() -> None:
    """Whatever is there came with the installation: each version began when it was published and ended with the next."""
    op.add_column(TABLE, sa.Column('forms', postgresql.JSONB(), server_default='{}', nullable=False))
    op.add_column(TABLE, sa.Column('note', sa.String(length=1000), server_default='', nullable=False))
    for name in PEOPLE:
        op.add_column(TABLE, sa.Column(name, sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f(f'fk_{TABLE}_{name}'), TABLE, 'person', [name], ['id'], ondelete='RESTRICT')
    op.add_column(TABLE, sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column(TABLE, sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True))
    op.execute("""
        UPDATE process_definition AS d SET starts_at = published_at, retired_at = (
            SELECT min(later.published_at) FROM process_definition AS later
            WHERE later.process_id = d.process_id AND later.version > d.version)
    """)
    op.alter_column(TABLE, 'starts_at', nullable=False)
    op.alter_column(TABLE, 'author', nullable=True)
    op.alter_column(TABLE, 'approver', nullable=True)
    # Back to an earlier version is a new version with the same content.
    op.drop_constraint(op.f('uq_process_definition_process_id_content_sha256'), TABLE)
    op.create_index('ix_process_definition_content', TABLE, ['process_id', 'content_sha256'])
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f'ck_{TABLE}_{name}'), TABLE, condition)


def create_drafts() -> None:
    op.create_table('process_draft',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('process_id', sa.String(length=60), nullable=False),
    sa.Column('base_id', sa.BigInteger(), nullable=True),
    sa.Column('xml', sa.String(), nullable=False),
    sa.Column('forms', postgresql.JSONB(), server_default='{}', nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('draft', 'proposed', 'published', 'discarded', name='status', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('author_id', sa.BigInteger(), nullable=False),
    sa.Column('writers', postgresql.ARRAY(sa.BigInteger()), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by_id', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.String(length=1000), server_default='', nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('proposed_by_id', sa.BigInteger(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger(), nullable=True),
    sa.Column('definition_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f('ck_process_draft_decided_by_somebody')),
    sa.CheckConstraint("(proposed_at IS NULL) = (proposed_by_id IS NULL)", name=op.f('ck_process_draft_proposed_by_somebody')),
    sa.CheckConstraint("(status = 'published') = (definition_id IS NOT NULL)", name=op.f('ck_process_draft_published_as_a_version')),
    sa.CheckConstraint("(status IN ('proposed', 'published')) = (proposed_at IS NOT NULL)", name=op.f('ck_process_draft_proposed_at_a_time')),
    sa.CheckConstraint("(status IN ('published', 'discarded')) = (decided_at IS NOT NULL)", name=op.f('ck_process_draft_decided_at_a_time')),
    sa.CheckConstraint('author_id = ANY (writers) AND saved_by_id = ANY (writers)', name=op.f('ck_process_draft_writers_are_known')),
    sa.CheckConstraint('proposed_at IS NULL OR length(trim(note)) > 0', name=op.f('ck_process_draft_a_proposal_says_why')),
    sa.CheckConstraint("status <> 'published' OR (decided_by_id <> ALL (writers) AND decided_by_id <> proposed_by_id)", name=op.f('ck_process_draft_who_wrote_it_does_not_approve')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_process_draft_version_from_one')),
    *(sa.ForeignKeyConstraint([name], ['person.id'], name=op.f(f'fk_process_draft_{name}'), ondelete='RESTRICT')
      for name in ('author_id', 'saved_by_id', 'proposed_by_id', 'decided_by_id')),
    *(sa.ForeignKeyConstraint([name], ['process_definition.id'], name=op.f(f'fk_process_draft_{name}'), ondelete='RESTRICT')
      for name in ('base_id', 'definition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process_draft')),
    sa.UniqueConstraint('definition_id', name=op.f('uq_process_draft_definition_id'))
    )
    op.create_index('ix_process_draft_process', 'process_draft', ['process_id', 'status'])


def downgrade() -> None:
    """What people published is lost with who published it: only a database where nobody did can go back."""
    for name in ('draft_presence', 'draft_event', 'process_draft'):
        op.drop_table(name)
    for name in CHECKS:
        op.drop_constraint(op.f(f'ck_{TABLE}_{name}'), TABLE)
    op.drop_index('ix_process_definition_content', TABLE)
    op.create_unique_constraint(op.f('uq_process_definition_process_id_content_sha256'), TABLE, ['process_id', 'content_sha256'])
    op.alter_column(TABLE, 'author', nullable=False)
    op.alter_column(TABLE, 'approver', nullable=False)
    for name in ('forms', 'note', 'starts_at', 'retired_at', *PEOPLE):
        op.drop_column(TABLE, name)
