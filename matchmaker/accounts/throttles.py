"""How often pages that cost a mail or a guess may be asked: by account and by network address."""

from flask import Response, request

from matchmaker.accounts.addresses import fold_email
from matchmaker.web.limits import limit


def typed_address() -> str:
    """Return the mail address in the form, so that one account is not guessed at from many places."""
    return fold_email(request.form.get("email", ""))[:254]


def _failed(response: Response) -> bool:
    return response.status_code != 303


def _accepted(response: Response) -> bool:
    return response.status_code == 303


# Only failures count against an account: whoever knows the password is not locked out by signing in often.
guesses_per_account = limit("5 per minute;20 per hour", key=typed_address, methods=("POST",), counts=_failed)
guesses_per_place = limit("30 per minute", methods=("POST",))
# Only what was accepted sends a mail; a form sent back with a mistake does not count. A whole fair may sit behind
# one network address.
mails_per_account = limit("3 per 10 minutes;10 per day", key=typed_address, methods=("POST",), counts=_accepted)
mails_per_place = limit("20 per minute;200 per hour", methods=("POST",), counts=_accepted)
searches_per_place = limit("240 per minute")
