"""the public log: what waits for it, leaves, complete subtrees, keys and signed heads."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

# In the order in which they can follow from each other, for those that are there already.
FACTS = (
    ('issuance', 'issued_at'),
    ('annulment_request', 'requested_at'),
    ('annulment_decision', 'decided_at'),
    ('issuance_void', 'voided_at'),
    ('retroactive_request', 'requested_at'),
    ('retroactive_decision', 'decided_at'),
)
KINDS = [table for table, _ in FACTS]


def upgrade() -> None:
    op.create_table('log_pending',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Enum(*KINDS, name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('fact_id', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_pending')),
    sa.UniqueConstraint('kind', 'fact_id', name=op.f('uq_log_pending_kind_fact_id'))
    )
    op.create_table('log_leaf',
    sa.Column('index', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.Enum(*KINDS, name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('fact_id', sa.BigInteger(), nullable=False),
    sa.Column('content', sa.String(), nullable=False),
    sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('integrated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('index >= 0', name=op.f('ck_log_leaf_index_from_zero')),
    sa.CheckConstraint('length(hash) = 32', name=op.f('ck_log_leaf_hash_is_sha256')),
    sa.PrimaryKeyConstraint('index', name=op.f('pk_log_leaf')),
    sa.UniqueConstraint('hash', name=op.f('uq_log_leaf_hash')),
    sa.UniqueConstraint('kind', 'fact_id', name=op.f('uq_log_leaf_kind_fact_id'))
    )
    op.create_table('log_node',
    sa.Column('level', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
    sa.CheckConstraint('level > 0', name=op.f('ck_log_node_leaves_live_elsewhere')),
    sa.CheckConstraint('length(hash) = 32', name=op.f('ck_log_node_hash_is_sha256')),
    sa.PrimaryKeyConstraint('level', 'number', name=op.f('pk_log_node'))
    )
    op.create_table('log_key',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('first_used_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_key'))
    )
    op.create_table('log_head',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('root', sa.LargeBinary(length=32), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('key_id', sa.String(length=64), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint('size >= 0', name=op.f('ck_log_head_size_from_zero')),
    sa.CheckConstraint('length(root) = 32', name=op.f('ck_log_head_root_is_sha256')),
    sa.ForeignKeyConstraint(['key_id'], ['log_key.id'], name=op.f('fk_log_head_key_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_head'))
    )
    with op.batch_alter_table('log_head', schema=None) as batch_op:
        batch_op.create_index('ix_log_head_size', ['size', 'id'], unique=False)

    # No fact can be written without waiting for its place in the log, whoever writes it.
    op.execute("""
        CREATE FUNCTION await_log() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO log_pending (kind, fact_id) VALUES (TG_TABLE_NAME, NEW.id);
            RETURN NULL;
        END $$
    """)
    for table in KINDS:
        op.execute(f'CREATE TRIGGER awaits_log AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION await_log()')
    told = ' UNION ALL '.join(
        f"SELECT '{table}' AS kind, id AS fact_id, {at} AS at, {order} AS place FROM {table}"
        for order, (table, at) in enumerate(FACTS)
    )
    op.execute(f'INSERT INTO log_pending (kind, fact_id) SELECT kind, fact_id FROM ({told}) AS fact ORDER BY at, place, fact_id')


def downgrade() -> None:
    for table in KINDS:
        op.execute(f'DROP TRIGGER awaits_log ON {table}')
    op.execute('DROP FUNCTION await_log')
    for table in ('log_head', 'log_key', 'log_node', 'log_leaf', 'log_pending'):
        op.drop_table(table)
