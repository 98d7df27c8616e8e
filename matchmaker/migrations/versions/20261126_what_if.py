"""comparisons of scenarios"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import matchmaker.db

revision: str = '20261126_what_if'
down_revision: str | None = '20261126_assumed_places'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('what_if',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('job_id', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('scenarios', sa.JSON(), nullable=False),
    sa.Column('effects', sa.JSON(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('started_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', matchmaker.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('finished_at', matchmaker.db.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_what_if_event_id_event'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['started_by_id'], ['user.id'], name=op.f('fk_what_if_started_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_what_if'))
    )
    with op.batch_alter_table('what_if') as batch:
        batch.create_index('ix_what_if_event_id_created_at', ['event_id', 'created_at'])


def downgrade() -> None:
    op.drop_table('what_if')
