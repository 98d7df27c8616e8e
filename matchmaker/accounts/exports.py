"""A person's own data as JSON: what accounts hold, and what the floors above add when asked by signal."""

from typing import Any

from matchmaker.accounts import signals
from matchmaker.accounts.models import Membership, User, UserSession
from matchmaker.clock import now
from matchmaker.db import db


def personal_data(user: User) -> dict[str, Any]:
    """Return everything this installation holds about a person, under readable headings; no secrets."""
    data: dict[str, Any] = {
        "exported_at": now().isoformat(),
        "account": plain_row(user, leave_out=("password_hash", "token_counter")),
        "organisations": [
            {"organisation": membership.organisation.name, **plain_row(membership)}
            for membership in db.session.scalars(db.select(Membership).where(Membership.user_id == user.id))
        ],
        "sign_ins": [
            plain_row(session, leave_out=("token_hash",))
            for session in db.session.scalars(db.select(UserSession).where(UserSession.user_id == user.id))
        ],
    }
    for _receiver, more in signals.personal_data_asked.send(user):
        data.update(more)
    return data


def plain_row(row: Any, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the columns of a row as JSON values, for exports."""
    values = {column.name: getattr(row, column.key) for column in row.__table__.columns if column.name not in leave_out}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
