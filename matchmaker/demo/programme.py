"""The cooperation project of the demo: partners, semesters, every event with host and agenda."""

from datetime import date, datetime, time, timedelta
from typing import Any

from matchmaker.agenda import services as agenda
from matchmaker.agenda.models import Room
from matchmaker.agenda.services import SessionInput
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.demo.content import Shift, read
from matchmaker.demo.people import People
from matchmaker.events.models import Event, EventRole
from matchmaker.events.wall_clock import to_utc
from matchmaker.projects.models import Partner, Project, Semester

SLUG = "icsi"
DAY_STARTS, DAY_ENDS = time(8, 30), time(18, 0)


def load_programme(people: People, shift: Shift) -> dict[str, Event]:
    """Store the project and its events; return the events by slug."""
    row = read("project")
    project = Project(
        slug=SLUG, name=row["name"], acronym=row["short_name"],
        policy_objective=row["policy_objective"], summary=row["summary"],
    )  # fmt: skip
    db.session.add(project)
    db.session.flush()
    partners = {each["code"]: _partner(project, each) for each in row["partners"]}
    semesters = {each["number"]: _semester(project, each, shift) for each in row["semesters"]}
    db.session.add_all([*partners.values(), *semesters.values()])
    db.session.flush()
    events = {each["slug"]: _event(each, project, partners, semesters, shift) for each in read("events")}
    db.session.add_all(events.values())
    db.session.flush()
    _give_roles(people, events)
    for each in read("events"):
        _load_agenda(events[each["slug"]], each, people, shift)
    return events


def _partner(project: Project, row: dict[str, Any]) -> Partner:
    return Partner(
        project_id=project.id, code=row["code"], name=row["name"], country=row["country"], region=row["region"],
        nuts=row.get("nuts2") or "", city=row.get("city") or "", timezone=row["timezone"], language=row["language"],
    )  # fmt: skip


def _semester(project: Project, row: dict[str, Any], shift: Shift) -> Semester:
    return Semester(
        project_id=project.id, number=row["number"], starts_on=shift.day(row["starts_on"]),
        ends_on=shift.day(row["ends_on"]), topic=row.get("topic") or "",
    )  # fmt: skip


def _event(
    row: dict[str, Any], project: Project, partners: dict[str, Partner], semesters: dict[int, Semester], shift: Shift
) -> Event:
    zone, host = row["timezone"], partners.get(row["host"] or "")
    details = {name: row[name] for name in ("thematic_questions", "peers", "groups") if row.get(name)}
    for peer in details.get("peers", []):
        peer["region"] = partners[peer["partner"]].region if peer.get("partner") in partners else peer["country"]
    if host and row["kind"] == "stakeholder_meeting":
        details["region"] = host.region
    if host and row["kind"] == "peer_review":
        details["host_region"] = host.region
    deadline = row.get("registration_deadline")
    return Event(
        slug=row["slug"], kind=row["kind"], name=row["name"], ordinal=row["ordinal"], project_id=project.id,
        semester_id=semesters[row["semester"]].id, host_partner_id=host.id if host else None,
        thematic_focus=row["thematic_focus"] or "", summary=row["summary"], mode=row["mode"], timezone=zone,
        starts_at=_at(shift.day(row["starts_on"]), DAY_STARTS, zone), ends_at=_at(shift.day(row["ends_on"]), DAY_ENDS, zone),
        venue=row.get("city") or "", visibility=row["visibility"], registration=row["registration"],
        registration_closes_at=_at(*shift.moment(deadline), zone) if deadline else None,
        join_link="" if row["mode"] == "on_site" else f"https://meet.example/{row['slug']}",
        details=details, has_meetings=bool(row.get("meetings")), published_at=now(),
    )  # fmt: skip


def _at(day: date, clock: time, zone: str) -> datetime:
    return to_utc(day, clock, zone)


def _give_roles(people: People, events: dict[str, Event]) -> None:
    for account in read("accounts")["accounts"]:
        for entry in account["events"]:
            if entry["role"] in ("organiser", "co_organiser"):
                user_id, event_id = people.accounts[account["id"]].id, events[entry["slug"]].id
                db.session.add(EventRole(event_id=event_id, user_id=user_id, role=entry["role"]))


def _load_agenda(event: Event, row: dict[str, Any], people: People, shift: Shift) -> None:
    """Store and publish the agenda through the services of the application."""
    if not row.get("agenda"):
        return
    places = {room["name"]: room.get("capacity") for room in row.get("rooms") or []}
    rooms = {
        name: Room(event_id=event.id, name=name, capacity=places.get(name), position=number)
        for number, name in enumerate(_room_names(row))
    }
    db.session.add_all(rooms.values())
    db.session.flush()
    organiser = people.accounts["olga"]
    for entry in row["agenda"]:
        agenda.add_session(event, _session(event, shift.day(row["starts_on"]), entry, rooms), organiser)
    agenda.publish(event, "", organiser)


def _room_names(row: dict[str, Any]) -> list[str]:
    names = [room["name"] for room in row.get("rooms") or []]
    used = {entry["room"] for entry in row["agenda"] if entry.get("room") and entry["room"] != "online"}
    return list(dict.fromkeys([*names, *sorted(used)]))


def _session(event: Event, first: date, entry: dict[str, Any], rooms: dict[str, Room]) -> SessionInput:
    start = _at(first + timedelta(days=entry["day"]), time.fromisoformat(entry["start"]), event.timezone)
    room = rooms.get(entry.get("room") or "")
    return SessionInput(
        title=entry["title"], kind=entry["kind"], starts_at=start, ends_at=start + timedelta(minutes=entry["minutes"]),
        description=entry.get("description") or "", room_id=room.id if room else None,
        join_link=event.join_link if entry.get("room") == "online" else "", capacity=entry.get("capacity"),
        has_sign_up=bool(entry.get("signup")), speakers=[(name, "") for name in entry["speakers"]],
    )  # fmt: skip
