"""places that a draft assumes"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '20261126_assumed_places'
down_revision: str | None = '20261125_rules'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('draft_meeting') as batch:
        batch.add_column(sa.Column('assumed_place', sa.String(length=40), nullable=False, server_default=''))
    with op.batch_alter_table('draft_meeting') as batch:
        batch.alter_column('assumed_place', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('draft_meeting') as batch:
        batch.drop_column('assumed_place')
