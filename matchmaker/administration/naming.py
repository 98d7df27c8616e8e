"""What the tasks of the background are called for people; a test holds that none is missing."""

from flask_babel import lazy_gettext as _

TASKS = {
    "accounts.notices.account_exists": _("Mail: there is an account already"),
    "accounts.notices.confirm_address": _("Mail: confirm an address"),
    "accounts.notices.confirm_new_email": _("Mail: confirm a new address"),
    "accounts.notices.email_changed": _("Mail: the address has changed"),
    "accounts.notices.joiner_answered": _("Mail: answer to somebody who joins an organisation"),
    "accounts.notices.joiner_waits": _("Mail: somebody asks to join an organisation"),
    "accounts.notices.password_changed": _("Mail: the password has changed"),
    "accounts.notices.reset_password": _("Mail: set a new password"),
    "accounts.notices.set_password": _("Mail: set the first password"),
    "agenda.notices.agenda_changed": _("Mails: the agenda has changed"),
    "agenda.notices.session_removed": _("Mails: a session does not take place"),
    "jobs.daily.forget_jobs": _("Daily: forget old jobs"),
    "mail.delivery.deliver": _("Deliver a mail"),
    "mail.delivery.forget_mails": _("Daily: forget old mails"),
    "meetings.notices.agreement_ended": _("Mail: a partner can no longer meet"),
    "meetings.notices.meeting_cancelled": _("Mails: a meeting is cancelled"),
    "meetings.notices.meeting_confirmed": _("Mails: a new meeting"),
    "meetings.notices.meeting_moved": _("Mails: a meeting has moved"),
    "meetings.notices.request_answered": _("Mail: a request is answered"),
    "meetings.notices.request_received": _("Mail: requests wait for an answer"),
    "meetings.runs.close_requests": _("Daily: close unanswered requests"),
    "recommendations.meaning.answer_question": _("Find people by meaning"),
    "recommendations.runs.match_run": _("Matching run"),
    "registrations.notices.invited": _("Mail: invitation to an event"),
    "registrations.notices.tell": _("Mail: about a registration"),
    "registrations.notices.tell_all": _("Mails: an event has changed"),
    "scheduling.runs.solve_run": _("Scheduling run"),
    "scheduling.runs.compare": _("Comparing what-if scenarios"),
}


def task_name(task: str) -> str:
    """Return what a task is called; the technical name of one that exists no more."""
    name = task.removeprefix("matchmaker.")
    return str(TASKS.get(name, name))
