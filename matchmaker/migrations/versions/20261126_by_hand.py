"""drafts changed by hand"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import matchmaker.db

revision: str = '20261126_by_hand'
down_revision: str | None = '20261126_what_if'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('draft_act',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.Column('undoes', sa.Integer(), nullable=True),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_name', sa.String(length=200), nullable=False),
    sa.Column('created_at', matchmaker.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['user.id'], name=op.f('fk_draft_act_actor_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['request_id'], ['meeting_request.id'], name=op.f('fk_draft_act_request_id_meeting_request'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['schedule_run.id'], name=op.f('fk_draft_act_run_id_schedule_run'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_act')),
    sa.UniqueConstraint('run_id', 'number', name=op.f('uq_draft_act_run_id_number')),
    sa.UniqueConstraint('run_id', 'undoes', name=op.f('uq_draft_act_run_id_undoes'))
    )
    with op.batch_alter_table('draft_act') as batch:
        batch.create_index(batch.f('ix_draft_act_request_id'), ['request_id'])
    with op.batch_alter_table('draft_meeting') as batch:
        batch.add_column(sa.Column('is_locked', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.create_unique_constraint(op.f('uq_draft_meeting_run_id_slot_id_place_id'), ['run_id', 'slot_id', 'place_id'])
    with op.batch_alter_table('draft_meeting') as batch:
        batch.alter_column('is_locked', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('draft_meeting') as batch:
        batch.drop_constraint(op.f('uq_draft_meeting_run_id_slot_id_place_id'), type_='unique')
        batch.drop_column('is_locked')
    op.drop_table('draft_act')
