"""matching runs by itself"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '20261125_reruns'
down_revision: str | None = '20261125_questions'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

WAITING = sa.text("state = 'queued' AND is_automatic")


def upgrade() -> None:
    op.create_table('matching_settings',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('is_automatic', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_matching_settings_event_id_event'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_matching_settings'))
    )
    for name in ('is_automatic', 'is_outdated'):
        with op.batch_alter_table('match_run') as batch:
            batch.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
        with op.batch_alter_table('match_run') as batch:
            batch.alter_column(name, server_default=None)
    op.create_index('uq_match_run_event_id_waiting', 'match_run', ['event_id'], unique=True, sqlite_where=WAITING, postgresql_where=WAITING)


def downgrade() -> None:
    op.drop_index('uq_match_run_event_id_waiting', table_name='match_run')
    with op.batch_alter_table('match_run') as batch:
        batch.drop_column('is_outdated')
        batch.drop_column('is_automatic')
    op.drop_table('matching_settings')
