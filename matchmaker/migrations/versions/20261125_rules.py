"""rules of an event's lists"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '20261125_rules'
down_revision: str | None = '20261125_reruns'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('matching_settings') as batch:
        batch.add_column(sa.Column('policy', sa.JSON(), nullable=False, server_default='{}'))
        batch.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='0'))
    with op.batch_alter_table('matching_settings') as batch:
        batch.alter_column('policy', server_default=None)
        batch.alter_column('version', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('matching_settings') as batch:
        batch.drop_column('version')
        batch.drop_column('policy')
