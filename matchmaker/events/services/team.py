"""Who organises an event."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from matchmaker import audit
from matchmaker.accounts.addresses import fold_email
from matchmaker.accounts.models import User
from matchmaker.db import db
from matchmaker.errors import Conflict, Invalid, NotFound
from matchmaker.events import queries
from matchmaker.events.errors import LastOrganiser, TeamOfOrganisersOnly
from matchmaker.events.models import EventRole, EventRoleName


def may_change_team(event_id: int, user: User) -> bool:
    """Organisers and administrators may; co-organisers may not."""
    role = queries.role_of(event_id, user)
    return user.is_admin or (role is not None and role.role == EventRoleName.ORGANISER)


def add_member(event_id: int, email: str, role: str, by: User) -> EventRole:
    """Give an existing account a role. Raises ``Invalid`` where there is no such account, ``Conflict`` where it has one."""
    _need_organiser(event_id, by)
    queries.locked(event_id)
    user = db.session.scalar(db.select(User).where(User.email == fold_email(email)))
    if user is None or not user.is_confirmed or user.disabled_at is not None:
        text = _("Nobody with this address has an account here. Ask them to sign up first.")
        raise Invalid(text, field="email")
    member = EventRole(event_id=event_id, user_id=user.id, role=EventRoleName(role))
    try:
        with db.session.begin_nested():
            db.session.add(member)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("%(name)s is in the team already.", name=user.full_name), field="email") from error
    audit.record(by, "event.team_added", f"team {user.full_name}", event_id, {"role": member.role})
    return member


def change_role(event_id: int, role_id: int, role: str, by: User) -> None:
    """Make an organiser a co-organiser or the other way round."""
    member = _member(event_id, role_id, by)
    if member.role == EventRoleName(role):
        return
    _keep_one_organiser(member)
    changes = {"role": [member.role, str(role)]}
    member.role = EventRoleName(role)
    audit.record(by, "event.team_changed", f"team {member.user.full_name}", event_id, changes)


def remove_member(event_id: int, role_id: int, by: User) -> None:
    """Take somebody out of the team; the last organiser stays."""
    member = _member(event_id, role_id, by)
    _keep_one_organiser(member)
    audit.record(by, "event.team_removed", f"team {member.user.full_name}", event_id, {"role": member.role})
    db.session.delete(member)


def _member(event_id: int, role_id: int, by: User) -> EventRole:
    _need_organiser(event_id, by)
    queries.locked(event_id)
    member = db.session.scalar(db.select(EventRole).where(EventRole.event_id == event_id, EventRole.id == role_id))
    if member is None:
        raise NotFound(_("This person is not in the team any more."))
    return member


def _keep_one_organiser(member: EventRole) -> None:
    others = db.select(EventRole.id).where(
        EventRole.event_id == member.event_id, EventRole.role == EventRoleName.ORGANISER, EventRole.id != member.id
    )
    if member.role == EventRoleName.ORGANISER and db.session.scalar(others.limit(1)) is None:
        raise LastOrganiser


def _need_organiser(event_id: int, by: User) -> None:
    if not may_change_team(event_id, by):
        raise TeamOfOrganisersOnly
