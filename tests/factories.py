"""Makers of rows for tests: each stores one thing with sensible values. Call them inside ``transaction()``."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import create_engine, make_url, text

from matchmaker.accounts.models import Membership, Organisation, User
from matchmaker.db import Base, db
from matchmaker.events.models import Event, EventRole
from matchmaker.meetings.models import Meeting, MeetingRequest, MeetingSettings, Place, Seat, Slot
from matchmaker.profiles.models import Profile, ProfileFacet, ProfileItem
from matchmaker.projects.models import Partner, Project, Semester
from matchmaker.registrations.models import Participant

START = datetime(2026, 12, 8, 8, 0, tzinfo=UTC)  # 09:00 in Brussels
_numbers = itertools.count(1)
Row = TypeVar("Row", bound=Base)


def fresh_database(url: str, name: str) -> str:
    """Create an empty PostgreSQL database beside ``url`` and return its address."""
    target = make_url(url).set(database=f"matchmaker_test_{name}")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{target.database}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{target.database}"'))
    engine.dispose()
    return target.render_as_string(hide_password=False)


def stored(row: Row) -> Row:
    """Add a row and give it its id."""
    db.session.add(row)
    db.session.flush()
    return row


def make_user(name: str = "", **values: Any) -> User:
    """A confirmed user; ``name`` is "First Last"."""
    number = next(_numbers)
    first, _, last = (name or f"Person {number}").partition(" ")
    defaults = {
        "email": f"{first.lower()}.{number}@company{number}.example",
        "first_name": first,
        "last_name": last,
        "confirmed_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return stored(User(**(defaults | values)))


def make_organisation(**values: Any) -> Organisation:
    """A small company."""
    number = next(_numbers)
    name = values.pop("name", f"Company {number}")
    defaults = {"name": name, "search_text": name.casefold(), "kind": "sme", "helix_type": "business", "country": "ES"}
    return stored(Organisation(**(defaults | values)))


def make_membership(user: User, organisation: Organisation, **values: Any) -> Membership:
    """An active owner."""
    defaults = {"role": "owner", "state": "active"}
    return stored(Membership(user_id=user.id, organisation_id=organisation.id, **(defaults | values)))


def make_project(**values: Any) -> Project:
    """A cooperation project with one partner in Murcia and one semester."""
    number = next(_numbers)
    project = stored(Project(**({"slug": f"project-{number}", "name": f"Project {number}"} | values)))
    stored(Partner(project_id=project.id, code="murcia", name="Agency of Murcia", country="ES", region="Murcia",
                   timezone="Europe/Madrid"))  # fmt: skip
    stored(Semester(project_id=project.id, number=1, starts_on=datetime(2026, 7, 1).date(),  # noqa: DTZ001 - a date
                    ends_on=datetime(2026, 12, 31).date()))  # noqa: DTZ001  # fmt: skip
    return project


def make_event(**values: Any) -> Event:
    """A published public B2B event on 8 and 9 December 2026 in Brussels' zone."""
    number = next(_numbers)
    defaults = {
        "slug": f"event-{number}",
        "kind": "b2b",
        "name": f"Event {number}",
        "timezone": "Europe/Brussels",
        "starts_at": START,
        "ends_at": START + timedelta(days=1, hours=8),
        "published_at": datetime(2026, 10, 1, tzinfo=UTC),
        "has_meetings": True,
    }
    return stored(Event(**(defaults | values)))


def make_organiser(event: Event, user: User, role: str = "organiser") -> EventRole:
    """Let a user organise an event."""
    return stored(EventRole(event_id=event.id, user_id=user.id, role=role))


def make_participant(event: Event, user: User | None = None, **values: Any) -> Participant:
    """A confirmed participant with an organisation of its own and an empty, visible profile."""
    user = user or make_user()
    if "organisation_id" not in values:
        values["organisation_id"] = make_organisation().id
    participant = stored(Participant(**({"event_id": event.id, "user_id": user.id, "state": "confirmed"} | values)))
    stored(Profile(participant_id=participant.id))
    return participant


def make_profile(participant: Participant, offers: tuple[str, ...] = (), needs: tuple[str, ...] = (),
                 facets: dict[str, tuple[str, ...]] | None = None, **values: Any) -> Profile:  # fmt: skip
    """Fill the profile of a participant; ``facets``: kind -> codes."""
    profile = db.session.scalar(db.select(Profile).where(Profile.participant_id == participant.id))
    profile = profile or stored(Profile(participant_id=participant.id))
    for name, value in values.items():
        setattr(profile, name, value)
    for side, texts in (("offer", offers), ("need", needs)):
        for position, sentence in enumerate(texts):
            stored(ProfileItem(profile_id=profile.id, side=side, position=position, text=sentence))
    for kind, codes in (facets or {}).items():
        for code in codes:
            stored(ProfileFacet(profile_id=profile.id, kind=kind, code=code))
    db.session.flush()
    return profile


def make_slots(event: Event, count: int = 4, minutes: int = 20) -> list[Slot]:
    """Slots one after the other from the start of the event."""
    starts = [event.starts_at + timedelta(minutes=minutes * number) for number in range(count)]
    return [stored(Slot(event_id=event.id, starts_at=s, ends_at=s + timedelta(minutes=minutes))) for s in starts]


def make_places(event: Event, count: int = 2) -> list[Place]:
    """Numbered tables."""
    return [stored(Place(event_id=event.id, name=f"Table {n + 1}", position=n)) for n in range(count)]


def make_request(sender: Participant, receiver: Participant, **values: Any) -> MeetingRequest:
    """A pending request of three stars."""
    low, high = sorted((sender.id, receiver.id))
    defaults = {"event_id": sender.event_id, "message": "Shall we meet?", "stars": 3}
    return stored(
        MeetingRequest(sender_id=sender.id, receiver_id=receiver.id, low_id=low, high_id=high, **(defaults | values))
    )


def make_meeting(request: MeetingRequest, slot: Slot, place: Place | None = None, **values: Any) -> Meeting:
    """A scheduled meeting with its two seats; the request becomes accepted."""
    request.state = "accepted"
    meeting = stored(
        Meeting(event_id=request.event_id, request_id=request.id, first_id=request.sender_id,
                second_id=request.receiver_id, slot_id=slot.id, place_id=place.id if place else None,
                **({"uid": f"meeting-{request.id}@matchmaker.example"} | values))
    )  # fmt: skip
    for participant_id in (request.sender_id, request.receiver_id):
        stored(Seat(participant_id=participant_id, slot_id=slot.id, kind="meeting", meeting_id=meeting.id))
    return meeting


def make_cast(cast: Callable[..., Any]) -> Any:
    """Olga's event with Ana and Ben and its meeting settings; Carl at another event; an administrator."""
    event, other_event = make_event(slug="fair", name="Fair"), make_event(slug="other", name="Other fair")
    for each in (event, other_event):
        stored(MeetingSettings(event_id=each.id))
    olga = make_user("Olga Organiser")
    make_organiser(event, olga)
    return cast(
        event=event,
        other_event=other_event,
        olga=olga,
        admin=make_user("Ada Admin", is_admin=True),
        ana=make_participant(event, make_user("Ana Alvarez")),
        ben=make_participant(event, make_user("Ben Berg")),
        carl=make_participant(other_event, make_user("Carl Clark")),
    )
