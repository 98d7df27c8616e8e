"""What an installation runs by the clock."""

import click

from matchmaker.db import transaction
from matchmaker.meetings import services


@click.command("expire-requests")
def expire_requests() -> None:
    """Close unanswered meeting requests of events that are over; run it once a day."""
    with transaction():
        count = services.expire_of_past_events()
    click.echo(f"{count} requests closed")
