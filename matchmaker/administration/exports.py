"""The columns of the lists of administrators as files."""

from flask_babel import lazy_gettext as _

from matchmaker.administration.naming import task_name
from matchmaker.vocabulary import label
from matchmaker.web import Column
from matchmaker.web.states import state_label

ORGANISATIONS = [
    Column(_("Name"), lambda row: row.Organisation.name),
    Column(_("Kind"), lambda row: label("organisation_kinds", row.Organisation.kind)),
    Column(_("Country"), lambda row: row.Organisation.country),
    Column(_("Region"), lambda row: row.Organisation.region),
    Column(_("Mail domain"), lambda row: row.Organisation.domain),
    Column(_("Members"), lambda row: row.members),
]
JOBS = [
    Column(_("Task"), lambda row: task_name(row.Job.task)),
    Column(_("State"), lambda row: state_label(row.Job.state)),
    Column(_("Created (UTC)"), lambda row: row.Job.created_at),
    Column(_("Finished (UTC)"), lambda row: row.Job.finished_at),
    Column(_("Attempts"), lambda row: row.Job.attempts),
    Column(_("Error"), lambda row: row.Job.error),
]
MAILS = [
    Column(_("Subject"), lambda row: row.subject),
    Column(_("To"), lambda row: row.recipient),
    Column(_("State"), lambda row: state_label(row.state)),
    Column(_("Created (UTC)"), lambda row: row.created_at),
    Column(_("Sent (UTC)"), lambda row: row.sent_at),
    Column(_("Attempts"), lambda row: row.attempts),
    Column(_("Error"), lambda row: row.error),
]
