"""Mails about accounts and organisations. Each is safe to run twice: the nonce makes its key, the key is stored once.

Mails to addresses that are not confirmed carry no word that somebody typed, so nobody can write to strangers through us.
"""

from flask_babel import gettext as _

from matchmaker import jobs
from matchmaker.accounts import queries
from matchmaker.accounts.models import Membership, MembershipState, Organisation, User
from matchmaker.accounts.queries import owners_of
from matchmaker.accounts.tokens import Purpose, make_token
from matchmaker.db import db, transaction
from matchmaker.mail import Mail, queue_mail, render_mail
from matchmaker.web.links import absolute_url


@jobs.task(retries=3)
def confirm_address(user_id: int, nonce: str, then: str) -> None:
    """The link that confirms the address of a new account."""
    with transaction():
        user = db.session.get(User, user_id)
        if user is not None and not user.is_confirmed:
            url = absolute_url("accounts.confirm", token=make_token(Purpose.CONFIRM, user, then=then))
            _send(user.email, f"confirm-{user_id}-{nonce}", _("Confirm your address"), "confirm", url=url)


@jobs.task(retries=3)
def account_exists(user_id: int, nonce: str) -> None:
    """Somebody signed up with an address that has an account."""
    with transaction():
        user = db.session.get(User, user_id)
        if user is not None:
            links = {"sign_in": absolute_url("accounts.sign_in"), "forgot": absolute_url("accounts.forgot")}
            _send(user.email, f"exists-{user_id}-{nonce}", _("You have an account already"), "exists", **links)


@jobs.task(retries=3)
def set_password(user_id: int, nonce: str, then: str) -> None:
    """The link to set the first password: a second sign-up before the address was confirmed, or a new administrator."""
    with transaction():
        user = db.session.get(User, user_id)
        if user is not None:
            token = make_token(Purpose.RESET, user, first=True, then=then)
            url = absolute_url("accounts.reset", token=token)
            _send(user.email, f"first-{user_id}-{nonce}", _("Set your password"), "set_password", url=url)


@jobs.task(retries=3)
def reset_password(user_id: int, nonce: str) -> None:
    """The link to set a new password."""
    with transaction():
        user = db.session.get(User, user_id)
        if user is not None:
            url = absolute_url("accounts.reset", token=make_token(Purpose.RESET, user))
            _send(user.email, f"reset-{user_id}-{nonce}", _("Set a new password"), "reset", url=url)


@jobs.task(retries=3)
def password_changed(user_id: int, nonce: str) -> None:
    """The password was changed; whoever did not do it learns what to do."""
    with transaction():
        user = db.session.get(User, user_id)
        if user is not None:
            url = absolute_url("accounts.forgot")
            _send(user.email, f"changed-{user_id}-{nonce}", _("Your password was changed"), "password_changed", url=url)


@jobs.task(retries=3)
def confirm_new_email(user_id: int, nonce: str, email: str) -> None:
    """To the new address: the link that moves the account there."""
    with transaction():
        user = db.session.get(User, user_id)
        if user is not None:
            token = make_token(Purpose.EMAIL, user, email=email)
            url = absolute_url("accounts.confirm_email", token=token)
            _send(email, f"email-{user_id}-{nonce}", _("Confirm your new address"), "new_email", url=url)


@jobs.task(retries=3)
def email_changed(user_id: int, nonce: str, old: str) -> None:
    """To the old address: the account has another one now."""
    with transaction():
        _send(old, f"moved-{user_id}-{nonce}", _("Your address was changed"), "email_changed")


@jobs.task(retries=3)
def joiner_waits(membership_id: int, nonce: str) -> None:
    """To the owners, or to the administrators where there is no owner: somebody asks to join."""
    with transaction():
        membership = db.session.get(Membership, membership_id)
        if membership is None or membership.state != MembershipState.PENDING:
            return
        organisation = membership.organisation
        url = absolute_url("organisations.show", organisation_id=organisation.id)
        subject = _(
            "%(name)s wants to join %(organisation)s", name=membership.user.full_name, organisation=organisation.name
        )
        for owner in owners_of(organisation.id) or queries.administrators():
            key = f"joiner-{membership_id}-{nonce}-user-{owner.id}"
            _send(owner.email, key, subject, "joiner", url=url, person=membership.user, organisation=organisation)


@jobs.task(retries=3)
def joiner_answered(user_id: int, organisation_id: int, nonce: str, accepted: bool) -> None:  # noqa: FBT001 - job arguments are positional
    """To the joiner: an owner said yes or no."""
    with transaction():
        user, organisation = db.session.get(User, user_id), db.session.get(Organisation, organisation_id)
        if user is None or organisation is None:
            return
        subject = _("Your request to join %(organisation)s", organisation=organisation.name)
        key = f"joined-{user_id}-{organisation_id}-{nonce}"
        url = absolute_url("organisations.index")
        _send(user.email, key, subject, "joined", url=url, organisation=organisation, accepted=accepted)


def _send(to: str, key: str, subject: str, template: str, **values: object) -> None:
    text, html = render_mail(f"accounts/mail/{template}", subject=subject, **values)
    queue_mail(Mail(key=key, to=to, subject=subject, text=text, html=html))
