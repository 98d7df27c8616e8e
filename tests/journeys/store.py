"""What a journey needs but nobody in it types: ``python -m tests.journeys.store <story> <words>``.

Runs in the environment of the running server, on its database, through the same services as the pages. The one thing
that services can't do is the past: ``yesterday`` stores rows directly, since no browser moves the clock of the server.
"""

import sys
from datetime import timedelta
from itertools import pairwise

from matchmaker import audit, jobs
from matchmaker.accounts.models import User
from matchmaker.accounts.passwords import hash_password
from matchmaker.agenda.models import AgendaSession, Room, SessionSpeaker, Speaker
from matchmaker.agenda.services import publish as publish_agenda
from matchmaker.app import create_app
from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.events.models import Event
from matchmaker.meetings import services as meetings
from matchmaker.meetings.models import MeetingRequest, MeetingSettings
from matchmaker.profiles import services as profiles
from matchmaker.profiles.content import Content
from matchmaker.recommendations import services as recommendations
from matchmaker.recommendations.runs import match_run
from matchmaker.registrations.models import Participant
from matchmaker.registrations.services import RegistrationValues, register
from tests import factories

# Name, organisation, kind, country, offer, need.
PEOPLE = (
    ("Greta Lund", "Nordic Castings", "sme", "SE", "Aluminium castings for pump housings, from 50 pieces.",
     "Cameras that find pores in castings before machining."),
    ("Hugo Marin", "Clúster Conserva", "cluster", "ES", "A network of forty canneries that test new machines.",
     "A gripper that sorts fruit without bruising it."),
    ("Iris Nagel", "Institut für Greiftechnik", "research", "DE", "Soft grippers for fruit, fish and baked goods.",
     "Food producers who try our grippers in a running line."),
    ("Jan Ostrowski", "Polspaw", "sme", "PL", "Welding cells for small batches, with a robot on a rail.",
     "Retrofit of twenty-year-old press lines with sensors."),
    ("Katya Petrova", "Sensorika", "startup", "BG", "Vibration sensors with batteries that last ten years.",
     "Factories with old presses and pumps to monitor."),
    ("Luca Russo", "Pompe Adriatiche", "large", "IT", "Pumps for canneries and breweries, and a test stand.",
     "A foundry for housings in small batches."),
    ("Mila Suk", "Univerza za robotiko", "university", "SI", "Students who program collaborative robots in your plant.",
     "Companies that lend us a cell for a semester."),
    ("Nils Tamm", "Balti Packaging", "sme", "EE", "Film and trays that come back: reusable packaging for fish.",
     "A distributor for packaging in Spain or Italy."),
)  # fmt: skip


def people(slug: str) -> None:
    """Register eight people, as they would themselves, and write their profiles."""
    event = db.session.scalars(db.select(Event).where(Event.slug == slug)).one()
    for name, company, kind, country, offer, need in PEOPLE:
        user = factories.make_user(name)
        organisation = factories.make_organisation(name=company, kind=kind, country=country)
        factories.make_membership(user, organisation)
        participant = register(event.id, RegistrationValues(organisation.id), user)
        content = Content(description=f"{company} works for customers all over Europe.", offers=(offer,), needs=(need,),
                          cooperation=("rd_cooperation", "supplier"), languages=("en",))  # fmt: skip
        profiles.save(participant, content, profiles.ensure_profile(participant).version)


def requests(slug: str, asked: str, accepted: str) -> None:
    """Three of them ask ``asked``; the others ask ``accepted`` and one another, and those agree."""
    event = db.session.scalars(db.select(Event).where(Event.slug == slug)).one()
    rows = db.session.scalars(db.select(Participant).where(Participant.event_id == event.id).join(User)).all()
    by_name = {row.user.full_name: row for row in rows}
    crowd = [by_name[name] for name, *_rest in PEOPLE]
    for sender in crowd[:3]:
        meetings.ask(sender, by_name[asked], "We read your profile. Shall we meet?", 4)
    pairs = [(sender, by_name[accepted]) for sender in crowd[3:6]] + list(pairwise(crowd))
    for sender, receiver in pairs:
        meetings.answer(meetings.ask(sender, receiver, "", 3), receiver, meetings.Answer("accepted", 3))


def yesterday(slug: str, organiser: str, one: str, other: str) -> None:
    """A small event of yesterday in which two people, known by their addresses, met; print the number of the meeting."""
    users = {user.email: user for user in db.session.scalars(db.select(User))}
    start = now().replace(minute=0, second=0, microsecond=0) - timedelta(days=1)
    event = factories.make_event(
        slug=slug, name="Yesterday's fair", starts_at=start, ends_at=start + timedelta(hours=4)
    )
    factories.stored(MeetingSettings(event_id=event.id))
    factories.make_organiser(event, users[organiser])
    both = [factories.make_participant(event, users[email]) for email in (one, other)]
    request: MeetingRequest = factories.make_request(*both)
    slot, place = factories.make_slots(event, 1)[0], factories.make_places(event, 1)[0]
    print(factories.make_meeting(request, slot, place).id)  # noqa: T201 - the answer to whoever runs this


LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"  # one word of 79 letters
HOSTILE = (
    "<script>document.title='owned'</script>\"><img src=x onerror=\"document.title='owned'\">"
    "[click](javascript:document.title='owned') <a href='javascript:alert(1)'>x</a> {{7*7}} \u202eأهلا بالعالم 🤖👩‍🔧 "
)


def gallery(slug: str, kind: str, password: str) -> None:
    """A lively event whose texts are all long, or all hostile, as if forms had let them in; Olga and Ana can sign in."""
    word = {"long": LONG, "hostile": HOSTILE}[kind]
    text = word if kind == "long" else word + "x" * 10_000  # a very long word after the tags
    event = factories.make_event(slug=slug, name=word[:200], summary=text, description=text, thematic_focus=text,
                                 venue=word, starts_at=now() + timedelta(days=20), ends_at=now() + timedelta(days=21))  # fmt: skip
    factories.stored(MeetingSettings(event_id=event.id))
    everybody = [_guest(event, word, text, number) for number in range(5)]
    ana, *others = everybody
    slots, places = factories.make_slots(event, 3), factories.make_places(event, 2)
    for place in places:
        place.name = f"{place.name} {word}"[:80]
    asked = [factories.make_request(other, ana, message=text) for other in others[:2]]
    factories.make_request(ana, others[2], message=text, state="declined", reason=text[:500])
    factories.make_meeting(asked[0], slots[0], places[0])
    olga = factories.make_user("Olga Organiser", email=f"olga@{slug}.example", password_hash=hash_password(password),
                               job_title=word[:120], may_create_events=True)  # fmt: skip
    factories.make_organiser(event, olga)
    _agenda(event, word, text, olga)
    ana.user.email, ana.user.password_hash = f"ana@{slug}.example", hash_password(password)
    audit.record(olga, "event.edited", word[:200], event.id, {"name": [word, text]})
    jobs.enqueue(match_run, recommendations.start_run(event, olga).id)
    print(asked[0].id)  # noqa: T201


def _guest(event: Event, word: str, text: str, number: int) -> Participant:
    user = factories.make_user("First Last", email=f"guest{number}@{event.slug}.example", first_name=word[:80], last_name=f"{number}{word}"[:80],
                               job_title=word[:120])  # fmt: skip
    organisation = factories.make_organisation(name=f"{number} {word}"[:200], city=word[:120], region=word[:120],
                                               description=text)  # fmt: skip
    factories.make_membership(user, organisation)
    participant = factories.make_participant(event, user, organisation_id=organisation.id, note=text)
    factories.make_profile(participant, (text, f"Welding {number}"), (text, "Welding"), {"language": ("en",)},
                           description=text)  # fmt: skip
    return participant


def _agenda(event: Event, word: str, text: str, by: User) -> None:
    room = factories.stored(Room(event_id=event.id, name=word[:120]))
    speaker = factories.stored(Speaker(event_id=event.id, name=word[:160], organisation=word[:200]))
    session = factories.stored(
        AgendaSession(event_id=event.id, title=word[:200], description=text, room_id=room.id, starts_at=event.starts_at,
                      ends_at=event.starts_at + timedelta(hours=1), uid=f"session-{event.slug}", has_sign_up=True)
    )  # fmt: skip
    factories.stored(SessionSpeaker(agenda_session_id=session.id, speaker_id=speaker.id))
    publish_agenda(event, text[:500], by)


STORIES = {"people": people, "requests": requests, "yesterday": yesterday, "gallery": gallery}

if __name__ == "__main__":
    # What people are told is done here and now: this process ends before a thread would get to it.
    with create_app(jobs="inline").app_context(), transaction():
        STORIES[sys.argv[1]](*sys.argv[2:])
