"""How the people of requests and meetings are loaded: with account and organisation, in the same statement."""

from typing import Any

from sqlalchemy.orm import InstrumentedAttribute, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from matchmaker.registrations.models import Participant


def person(*paths: InstrumentedAttribute[Any]) -> list[ORMOption]:
    """Return the options that load a participant along each path, with what is shown of a person."""
    options: list[ORMOption] = []
    for path in paths:
        options += [
            joinedload(path).joinedload(Participant.user),
            joinedload(path).joinedload(Participant.organisation),
        ]
    return options
