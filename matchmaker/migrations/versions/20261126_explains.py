"""whether participants may ask for reasons"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '20261126_explains'
down_revision: str | None = '20261126_by_hand'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('meeting_settings') as batch:
        batch.add_column(sa.Column('explains', sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table('meeting_settings') as batch:
        batch.alter_column('explains', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('meeting_settings') as batch:
        batch.drop_column('explains')
