"""The columns of the lists of participants and invitations as files."""

from flask_babel import lazy_gettext as _

from matchmaker.registrations.naming import WAYS, state_name
from matchmaker.vocabulary import label
from matchmaker.web import Column

INVITATIONS = [
    Column(_("Address"), lambda invitation: invitation.email),
    Column(_("Invited at (UTC)"), lambda invitation: invitation.invited_at),
    Column(_("Registered at (UTC)"), lambda invitation: invitation.accepted_at),
]
COLUMNS = [
    Column(_("First name"), lambda p: p.user.first_name),
    Column(_("Last name"), lambda p: p.user.last_name),
    Column(_("E-mail"), lambda p: p.user.email),
    Column(_("Job title"), lambda p: p.user.job_title),
    Column(_("Organisation"), lambda p: p.organisation.name if p.organisation else ""),
    Column(
        _("Kind of organisation"), lambda p: label("organisation_kinds", p.organisation.kind) if p.organisation else ""
    ),
    Column(_("Helix type"), lambda p: label("helix_types", p.organisation.helix_type) if p.organisation else ""),
    Column(_("Country"), lambda p: p.organisation.country if p.organisation else ""),
    Column(_("Region"), lambda p: p.organisation.region if p.organisation else ""),
    Column(_("State"), lambda p: state_name(p.state)),
    Column(_("Takes part"), lambda p: str(WAYS.get(p.mode, p.mode))),
    Column(_("Message"), lambda p: p.note),
    Column(_("Registered at (UTC)"), lambda p: p.registered_at),
    Column(_("Decided at (UTC)"), lambda p: p.decided_at),
    Column(_("Reason"), lambda p: p.decision_reason),
    Column(_("Checked in at (UTC)"), lambda p: p.checked_in_at),
]
