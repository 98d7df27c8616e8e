"""A large event under load: 2,000 participants, 20,000 requests, gunicorn with 2 workers, 50 people at once.

On PostgreSQL when ``TEST_DATABASE_URL`` names a server, else on SQLite. The people who click run on the same machine as
the server and the database, so the figures are low; the baseline is a page of the same server that reads nothing.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import insert, text

from matchmaker.accounts.models import Organisation, User
from matchmaker.accounts.sessions import start_session
from matchmaker.app import create_app
from matchmaker.clock import now
from matchmaker.db import Base, db, transaction
from matchmaker.events.models import Event
from matchmaker.meetings.models import Meeting, MeetingRequest, MeetingSettings, Place, Seat, Slot
from matchmaker.profiles.models import Profile, ProfileFacet, ProfileItem
from matchmaker.registrations.models import Participant
from matchmaker.schema import metadata
from tests import factories
from tests.conftest import StatementCounter
from tests.free_port import free_port

ROOT = Path(__file__).resolve().parents[2]
PEOPLE_AT_ONCE, SECONDS, WARM_UP = 50, 8.0, 2.0
PAGES = {
    "baseline: health": ("nobody", "/health/live"),
    "participant list": ("organiser", "/events/large/manage/participants"),
    "directory": ("participant", "/events/large/me/directory"),
    "my requests": ("participant", "/events/large/me/requests"),
    "itinerary": ("participant", "/events/large/me/itinerary"),
    "schedule page": ("organiser", "/events/large/manage/scheduling"),
}


def run() -> Iterator[dict[str, Any]]:
    """Yield, per page, the number of SELECTs in a small and in the large event, requests per second and percentiles."""
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("TEST_DATABASE_URL")
        database = factories.fresh_database(url, "bench") if url else f"sqlite:///{folder}/bench.sqlite"
        port = free_port()
        settings = {
            "database_url": database,
            "instance_dir": folder,
            "base_url": f"http://127.0.0.1:{port}",
            "rate_limits": False,
        }
        app = create_app(**settings, jobs="inline", mail="memory")
        with app.app_context():
            metadata.create_all(db.engine)
            small, large = fill("small", 30, 300), fill("large", 2000, 20_000)
            if url:  # PostgreSQL does so by itself, but minutes later
                with transaction():
                    db.session.execute(text("ANALYZE"))
            cookies = {
                slug: {role: cookie_of(app, user) for role, user in roles.items()}
                for slug, roles in (("small", small), ("large", large))
            }
        counted = {slug: statements(app, cookies[slug], slug) for slug in cookies}
        with app.app_context():
            db.engine.dispose()
        environment = {**os.environ, **{f"MATCHMAKER_{name.upper()}": str(value) for name, value in settings.items()}}
        command = [sys.executable, "-m", "gunicorn", "wsgi:app", "-b", f"127.0.0.1:{port}", "--workers", "2",
                   "--worker-class", "gthread", "--threads", "4", "--log-level", "error"]  # fmt: skip
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        try:
            wait_for(port)
            for role, path in PAGES.values():  # so that no worker measures its first time
                clicks(port, path, cookies["large"].get(role, ""), WARM_UP)
            for name, (role, path) in PAGES.items():
                times = clicks(port, path, cookies["large"].get(role, ""), SECONDS)
                yield {
                    "page": name, "database": "PostgreSQL" if url else "SQLite",
                    "SELECTs at 30": counted["small"].get(name, 0), "SELECTs at 2000": counted["large"].get(name, 0),
                    "requests/s": round(len(times) / SECONDS, 1), "p50 ms": percentile(times, 50), "p95 ms": percentile(times, 95),
                }  # fmt: skip
        finally:
            server.terminate()
            server.wait()


def fill(slug: str, people: int, requests: int) -> dict[str, int]:
    """Store an event of the given size with bulk inserts; return the ids of an organiser and of a busy participant."""
    with transaction():
        event = factories.make_event(slug=slug, name=f"Event of {people}")
        db.session.add(MeetingSettings(event_id=event.id))
        organiser = factories.make_user("Olga Organiser")
        factories.make_organiser(event, organiser)
        slots, places = factories.make_slots(event, 40), factories.make_places(event, max(2, people // 8))
        participants = _people(event, slug, people)
        _requests(event, participants, requests)
        _meetings(event, slots, places)
        busy = db.session.get_one(Participant, participants[0])
        return {"organiser": organiser.id, "participant": busy.user_id}


def _many(table: type[Base], rows: list[dict[str, Any]]) -> list[int]:
    ids = db.session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows)  # type: ignore[attr-defined]
    return list(ids)


def _people(event: Event, slug: str, count: int) -> list[int]:
    firms = _many(Organisation, [
        {"name": f"Firm {n} of {slug}", "search_text": f"firm {n}", "country": "DE", "kind": "sme"} for n in range(count)
    ])  # fmt: skip
    users = _many(User, [
        {"email": f"p{n}@{slug}.example", "first_name": "Person", "last_name": str(n), "confirmed_at": now()} for n in range(count)
    ])  # fmt: skip
    participants = _many(Participant, [
        {"event_id": event.id, "user_id": user, "organisation_id": firm, "state": "confirmed", "registered_at": now()}
        for user, firm in zip(users, firms, strict=True)
    ])  # fmt: skip
    profiles = _many(Profile, [
        {"participant_id": p, "description": "We make machines and look for partners.", "search_text": f"person {p} machines", "completeness": 80}
        for p in participants
    ])  # fmt: skip
    _many(ProfileItem, [
        {"profile_id": p, "side": side, "position": n, "text": f"{side} {n}: precise parts in small series"}
        for p in profiles for side in ("offer", "need") for n in range(2)
    ])  # fmt: skip
    facets = (("topic", "robotics"), ("cooperation", "supplier"), ("language", "en"))
    _many(ProfileFacet, [{"profile_id": p, "kind": kind, "code": code} for p in profiles for kind, code in facets])
    return participants


def _requests(event: Event, people: list[int], count: int) -> None:
    size, pairs = len(people), {}
    step = 1
    while len(pairs) < count and step < size:
        for at in range(size):
            pair = tuple(sorted((people[at], people[(at + step) % size])))
            pairs[pair] = len(pairs) % 3
            if len(pairs) == count:
                break
        step += 1
    states = ("accepted", "pending", "declined")
    _many(MeetingRequest, [
        {"event_id": event.id, "sender_id": low, "receiver_id": high, "low_id": low, "high_id": high,
         "message": "Shall we talk about precise parts?", "stars": 3, "state": states[state], "created_at": now()}
        for (low, high), state in pairs.items()
    ])  # fmt: skip


def _meetings(event: Event, slots: list[Slot], places: list[Place]) -> None:
    """Place accepted requests greedily; what is left stays without a meeting."""
    accepted = db.session.scalars(
        db.select(MeetingRequest).where(MeetingRequest.event_id == event.id, MeetingRequest.state == "accepted")
    )
    busy: set[tuple[int, int]] = set()
    used = dict.fromkeys((slot.id for slot in slots), 0)
    rows = []
    for request in accepted:
        sides = (request.sender_id, request.receiver_id)
        slot = next(
            (s.id for s in slots if used[s.id] < len(places) and not any((p, s.id) in busy for p in sides)), None
        )
        if slot is not None:
            busy.update((side, slot) for side in sides)
            rows.append((request, slot, places[used[slot]].id))
            used[slot] += 1
    meetings = _many(Meeting, [
        {"event_id": event.id, "request_id": r.id, "first_id": r.sender_id, "second_id": r.receiver_id, "slot_id": slot,
         "place_id": place, "uid": f"m{r.id}@bench.example"} for r, slot, place in rows
    ])  # fmt: skip
    _many(Seat, [
        {"participant_id": side, "slot_id": slot, "kind": "meeting", "meeting_id": meeting}
        for meeting, (r, slot, _place) in zip(meetings, rows, strict=True) for side in (r.sender_id, r.receiver_id)
    ])  # fmt: skip


def cookie_of(app: Flask, user_id: int) -> str:
    """Return the Cookie header of a signed-in user."""
    with transaction():
        token = start_session(db.session.get_one(User, user_id), "bench")
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return f"session={serializer.dumps({'_user_id': token, '_fresh': True})}"


def statements(app: Flask, cookies: dict[str, str], slug: str) -> dict[str, int]:
    """Return the number of SELECTs of each page."""
    with app.app_context():
        counter = StatementCounter().__enter__()
    found = {}
    for name, (role, path) in PAGES.items():
        if role != "nobody":
            before = counter.count
            client = app.test_client(use_cookies=False)
            address = {"path": path.replace("large", slug), "base_url": app.config["SETTINGS"].base_url}
            answer = client.get(**address, headers={"Cookie": cookies[role]})
            assert answer.status_code == 200, (name, answer.status_code)
            found[name] = counter.count - before
    with app.app_context():
        counter.__exit__()
    return found


@dataclass
class Clicker(threading.Thread):
    """One person who clicks again as soon as the page is there."""

    port: int
    path: str
    cookie: str
    until: float

    def __post_init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        while (started := time.perf_counter()) < self.until:
            connection.request("GET", self.path, headers={"Cookie": self.cookie} if self.cookie else {})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            self.times.append(time.perf_counter() - started)


def clicks(port: int, path: str, cookie: str, seconds: float) -> list[float]:
    """Return the seconds of every page that 50 people got meanwhile."""
    until = time.perf_counter() + seconds
    people = [Clicker(port, path, cookie, until) for _person in range(PEOPLE_AT_ONCE)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return [seconds for person in people for seconds in person.times]


def percentile(times: list[float], share: int) -> int:
    """Return a percentile in milliseconds."""
    ordered = sorted(times)
    return round(1000 * ordered[min(len(ordered) - 1, len(ordered) * share // 100)])


def wait_for(port: int, patience: timedelta = timedelta(seconds=30)) -> None:
    deadline = time.monotonic() + patience.total_seconds()
    while time.monotonic() < deadline:
        try:
            HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/health/live")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the server did not start")
