"""Inviting addresses to an event."""

import re
from dataclasses import dataclass, field
from email.utils import parseaddr

from flask_babel import gettext as _

from matchmaker import audit, jobs
from matchmaker.accounts.addresses import fold_email, is_address
from matchmaker.accounts.models import User
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.errors import Conflict, Invalid, NotFound
from matchmaker.events import queries as event_queries
from matchmaker.registrations import notices
from matchmaker.registrations.models import Invitation

MOST_ADDRESSES = 500


@dataclass
class Addresses:
    """What was read from a pasted text: folded addresses in order, each once, and a sentence for each mistake."""

    found: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def parse_addresses(text: str) -> Addresses:
    """Read addresses separated by lines, commas or semicolons, each plain or as ``Name <address>``."""
    result = Addresses()
    for number, line in enumerate(text.splitlines(), 1):
        for entry in re.split(r"[,;]", line):
            _read(entry.strip(), number, result)
    if len(result.found) > MOST_ADDRESSES:
        result.errors.append(_("Invite at most %(n)s addresses at once.", n=MOST_ADDRESSES))
    if not result.found and not result.errors:
        result.errors.append(_("Enter at least one address."))
    return result


def _read(entry: str, number: int, result: Addresses) -> None:
    if not entry:
        return
    address = parseaddr(entry)[1] if entry.endswith(">") else entry
    if not is_address(address):
        result.errors.append(_("Line %(n)s: “%(entry)s” is not an e-mail address.", n=number, entry=entry[:80]))
        return
    if fold_email(address) not in result.found:
        result.found.append(fold_email(address))


def invite(event_id: int, addresses: list[str], by: User) -> list[Invitation]:
    """Invite those addresses that are not invited yet; each gets a mail. Returns the new invitations."""
    event = event_queries.locked(event_id)
    if event.cancelled_at is not None or event.ends_at <= now():
        raise Conflict(_("Nobody can be invited any more: the event is cancelled or over."))
    if not event.is_published:
        raise Conflict(_("Publish the event first: invited people could not open it."))
    known = set(db.session.scalars(db.select(Invitation.email).where(Invitation.event_id == event_id)))
    invitations = [Invitation(event_id=event_id, email=address) for address in addresses if address not in known]
    if not invitations:
        raise Invalid(_("All these addresses are invited already."), field="addresses")
    db.session.add_all(invitations)
    db.session.flush()
    for invitation in invitations:
        jobs.enqueue(notices.invited, invitation.id, notices.stamp())
    audit.record(by, "invitation.sent", f"event {event.slug}", event_id, {"addresses": [i.email for i in invitations]})
    return invitations


def resend(event_id: int, invitation_id: int, by: User) -> Invitation:
    """Send the mail once more, to somebody who has not registered yet."""
    invitation = _open_invitation(event_id, invitation_id)
    invitation.invited_at = now()
    jobs.enqueue(notices.invited, invitation.id, notices.stamp())
    audit.record(by, "invitation.sent_again", f"invitation {invitation.id}", event_id, {"address": invitation.email})
    return invitation


def revoke(event_id: int, invitation_id: int, by: User) -> None:
    """Take an invitation back that nobody has used."""
    invitation = _open_invitation(event_id, invitation_id)
    audit.record(by, "invitation.revoked", f"invitation {invitation.id}", event_id, {"address": invitation.email})
    db.session.delete(invitation)


def _open_invitation(event_id: int, invitation_id: int) -> Invitation:
    event_queries.locked(event_id)
    query = db.select(Invitation).where(Invitation.event_id == event_id, Invitation.id == invitation_id)
    invitation = db.session.scalar(query)
    if invitation is None:
        raise NotFound(_("This invitation was revoked."))
    if invitation.accepted_at is not None:
        raise Conflict(_("%(email)s has registered already.", email=invitation.email))
    return invitation
