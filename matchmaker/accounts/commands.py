"""Commands about accounts: ``flask accounts create-admin EMAIL``."""

import click
from flask.cli import AppGroup

from matchmaker.accounts.services import entering
from matchmaker.accounts.tokens import Purpose, make_token
from matchmaker.db import transaction
from matchmaker.errors import DomainError
from matchmaker.web.links import absolute_url

accounts = AppGroup("accounts", help="Accounts of people.")


@accounts.command("create-admin")
@click.argument("email")
def create_admin(email: str) -> None:
    """Make EMAIL an administrator, with a new account if need be, and print a link to set the password once."""
    try:
        with transaction():
            user = entering.make_administrator(email)
            token = make_token(Purpose.RESET, user, first=True)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{user.email} is an administrator. Set the password here, once, within seven days:")
    click.echo(absolute_url("accounts.reset", token=token))
