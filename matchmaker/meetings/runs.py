"""What meetings do by the clock."""

from matchmaker import jobs
from matchmaker.db import transaction
from matchmaker.meetings import services


@jobs.daily
def close_requests() -> None:
    """Close unanswered meeting requests of events that are over."""
    with transaction():
        services.expire_of_past_events()
