"""days on which somebody on site takes part online"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '20261126_online_days'
down_revision: str | None = '20261126_explains'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('participant') as batch:
        batch.add_column(sa.Column('online_days', sa.JSON(), nullable=False, server_default='[]'))
    with op.batch_alter_table('participant') as batch:
        batch.alter_column('online_days', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('participant') as batch:
        batch.drop_column('online_days')
