"""The written demo content and the vocabularies: complete, consistent and without copies.

Reads the data files only; how they get into the database is tested with the loader.
"""

import json
import re
from collections import Counter
from datetime import date, datetime
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest

PACKAGE = Path(__file__).parents[2] / "matchmaker"
DATA = PACKAGE / "demo" / "data"
VOCABULARY = PACKAGE / "vocabulary"
TERM_COUNTS = {
    "challenges": 7,
    "cooperation_types": 15,
    "countries": 69,
    "event_kinds": 9,
    "helix_types": 5,
    "industrial_ecosystems": 14,
    "key_areas": 6,
    "languages": 34,
    "needs": 8,
    "organisation_kinds": 9,
    "session_kinds": 10,
    "topics": 55,
    "value_chain_positions": 7,
}

Record = dict[str, Any]


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _terms(name: str) -> list[Record]:
    terms: list[Record] = _read(VOCABULARY / f"{name}.json")["terms"]
    return terms


def _codes(name: str) -> set[str]:
    return {term["code"] for term in _terms(name)}


def _organisations() -> list[Record]:
    return [entry for path in sorted((DATA / "organisations").glob("*.json")) for entry in _read(path)]


PROJECT: Record = _read(DATA / "project.json")
EVENTS: list[Record] = _read(DATA / "events.json")
ORGANISATIONS = _organisations()
REQUESTS: Record = _read(DATA / "requests.json")
ACCOUNTS: Record = _read(DATA / "accounts.json")
PARTNERS = {partner["code"]: partner for partner in PROJECT["partners"]}


def _repeated(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _unknown(key: str, vocabulary: str) -> set[str]:
    known = _codes(vocabulary)
    return {code for entry in ORGANISATIONS for code in _as_list(entry[key]) if code not in known}


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _overlap(one: Record, other: Record) -> bool:
    if one["day"] != other["day"]:
        return False
    start, other_start = _minutes(one["start"]), _minutes(other["start"])
    end, other_end = start + int(one["minutes"]), other_start + int(other["minutes"])
    return start < other_end and other_start < end


def test_every_vocabulary_has_its_version_and_its_terms() -> None:
    files = {path.stem: _read(path) for path in VOCABULARY.glob("*.json")}

    assert {name: len(files[name]["terms"]) for name in TERM_COUNTS} == TERM_COUNTS
    assert {content["version"] for content in files.values()} == {"2026-11"}


@pytest.mark.parametrize("name", sorted(TERM_COUNTS))
def test_codes_and_names_of_a_vocabulary_are_unique(name: str) -> None:
    assert _repeated([term["code"] for term in _terms(name)]) == []
    assert _repeated([term["name"] for term in _terms(name)]) == []


def test_counterparts_of_cooperation_types_are_mutual() -> None:
    fits = {term["code"]: set(term["counterparts"]) for term in _terms("cooperation_types")}

    assert [(a, b) for a in fits for b in fits[a] if a not in fits.get(b, set())] == []


def test_organisation_kinds_name_known_helix_types() -> None:
    assert {term["helix_type"] for term in _terms("organisation_kinds")} == _codes("helix_types")


def test_event_kinds_come_with_usable_defaults() -> None:
    for kind in _terms("event_kinds"):
        defaults = kind["defaults"]

        assert defaults["mode"] in {"online", "on_site", "hybrid"}
        assert defaults["visibility"] in {"public", "closed"}
        assert defaults["registration"] in {"open", "approval", "invitation"}
        assert {session["kind"] for session in defaults["agenda"]} <= _codes("session_kinds")
        assert all(session["day"] < defaults["days"] for session in defaults["agenda"])


def test_project_has_seven_partners_and_eight_adjoining_semesters() -> None:
    semesters = PROJECT["semesters"]
    days = [(date.fromisoformat(s["starts_on"]), date.fromisoformat(s["ends_on"])) for s in semesters]

    assert len(PARTNERS) == 7
    assert [semester["number"] for semester in semesters] == list(range(1, 9))
    assert [(b[0] - a[1]).days for a, b in pairwise(days)] == [1] * 7


def test_events_are_those_of_the_project_idea() -> None:
    numbers = {
        kind: sorted({e["ordinal"] for e in EVENTS if e["kind"] == kind and e["ordinal"]})
        for kind in _codes("event_kinds")
    }

    assert Counter(event["kind"] for event in EVENTS) == {
        "kick_off": 1,
        "peer_review": 3,
        "workshop": 3,
        "stakeholder_meeting": 49,
        "steering_committee": 6,
        "webinar": 2,
        "b2b": 2,
        "conference": 1,
    }
    assert numbers["stakeholder_meeting"] == [1, 2, 3, 5, 6, 7, 8]
    assert numbers["steering_committee"] == [1, 2, 4, 5, 6, 7]


def test_events_lie_inside_their_semester_with_known_host_and_zone() -> None:
    semesters = {semester["number"]: semester for semester in PROJECT["semesters"]}

    assert _repeated([event["slug"] for event in EVENTS]) == []
    assert _repeated([event["name"] for event in EVENTS]) == []
    for event in EVENTS:
        semester = semesters[event["semester"]]
        assert semester["starts_on"] <= event["starts_on"] <= event["ends_on"] <= semester["ends_on"]
        assert event["host"] is None or event["host"] in PARTNERS
        assert event["timezone"] in available_timezones()


def test_each_round_of_stakeholder_meetings_covers_every_region() -> None:
    held = Counter((event["ordinal"], event["host"]) for event in EVENTS if event["kind"] == "stakeholder_meeting")

    assert held == Counter((ordinal, code) for ordinal in (1, 2, 3, 5, 6, 7, 8) for code in PARTNERS)


def test_agendas_have_known_rooms_and_no_clashes() -> None:
    for event in EVENTS:
        rooms = {room["name"] for room in event.get("rooms", [])} | {"online", None}
        agenda = event.get("agenda", [])
        assert {session["kind"] for session in agenda} <= _codes("session_kinds")
        assert {session["room"] for session in agenda} <= rooms
        for one, other in combinations(agenda, 2):
            if _overlap(one, other):
                assert one["room"] is None or one["room"] != other["room"], (event["slug"], one["title"])
                assert set(one["speakers"]).isdisjoint(other["speakers"]), (event["slug"], one["title"])


def test_peers_come_from_two_other_countries_than_the_host() -> None:
    for event in (event for event in EVENTS if event["kind"] == "peer_review"):
        countries = {peer["country"] for peer in event["peers"]}

        assert len(countries) >= 2
        assert PARTNERS[event["host"]]["country"] not in countries


def test_meeting_blocks_of_b2b_events_lie_on_their_days() -> None:
    for event in (event for event in EVENTS if event["kind"] == "b2b"):
        length = (date.fromisoformat(event["ends_on"]) - date.fromisoformat(event["starts_on"])).days + 1

        assert {block["day"] for block in event["meetings"]["blocks"]} == set(range(length))
        assert event["registration_deadline"] < event["request_deadline"] < event["starts_on"] + "T"


def test_organisations_are_many_and_spread() -> None:
    zones = {representative["timezone"] for entry in ORGANISATIONS for representative in entry["representatives"]}

    assert len(ORGANISATIONS) >= 88
    assert len({entry["country"] for entry in ORGANISATIONS}) >= 14
    assert len(zones) >= 20
    assert len({datetime(2026, 12, 8, 9, tzinfo=ZoneInfo(zone)).utcoffset() for zone in zones}) >= 7
    assert {entry["kind"] for entry in ORGANISATIONS} == _codes("organisation_kinds")
    assert sum(len(entry["representatives"]) == 2 for entry in ORGANISATIONS) >= 10


def test_organisations_and_people_are_unique() -> None:
    people = [representative for entry in ORGANISATIONS for representative in entry["representatives"]]

    for key in ("id", "name", "domain"):
        assert _repeated([entry[key] for entry in ORGANISATIONS]) == []
    assert _repeated([person["email"] for person in people]) == []
    assert _repeated([person["first_name"] + " " + person["last_name"] for person in people]) == []


def test_organisations_use_the_vocabularies() -> None:
    unknown = {
        "kind": _unknown("kind", "organisation_kinds"),
        "country": _unknown("country", "countries"),
        "ecosystem": _unknown("ecosystem", "industrial_ecosystems"),
        "value_chain_position": _unknown("value_chain_position", "value_chain_positions"),
        "topics": _unknown("topics", "topics"),
        "cooperation": _unknown("cooperation", "cooperation_types"),
        "languages": _unknown("languages", "languages"),
    }

    assert {key: codes for key, codes in unknown.items() if codes} == {}


@pytest.mark.parametrize("entry", ORGANISATIONS, ids=lambda entry: str(entry["id"]))
def test_a_profile_is_complete(entry: Record) -> None:
    assert 60 <= len(entry["description"].split()) <= 110
    assert 1 <= len(entry["offers"]) <= 3
    assert 1 <= len(entry["needs"]) <= 3
    assert entry["domain"].endswith(".example")
    assert re.fullmatch(r"[a-z0-9-]+", entry["id"])
    assert all(re.fullmatch(r"\d{2}(\.\d{1,2})?", code) for code in entry["sectors"])
    assert all(re.fullmatch(r"\d{2}", code) for code in entry["wanted_sectors"])
    assert {person["email"].split("@")[1] for person in entry["representatives"]} == {entry["domain"]}
    assert {person["timezone"] for person in entry["representatives"]} <= available_timezones()


def test_descriptions_start_differently_and_repeat_no_sentence() -> None:
    sentences = [s for entry in ORGANISATIONS for s in re.split(r"(?<=[.!?])\s+", entry["description"])]
    openings = [" ".join(entry["description"].split()[:3]) for entry in ORGANISATIONS]

    assert _repeated(openings) == []
    assert _repeated(sentences) == []


def test_no_two_offers_or_needs_share_most_of_their_words() -> None:
    texts = [text for entry in ORGANISATIONS for text in entry["offers"] + entry["needs"]]
    bags = [(text, _words(text)) for text in texts]
    alike = [
        (a, b) for (a, one), (b, other) in combinations(bags, 2) if len(one & other) > 0.6 * min(len(one), len(other))
    ]

    assert alike == []


def test_requests_join_two_known_organisations_once() -> None:
    known = {entry["id"] for entry in ORGANISATIONS}
    requests = REQUESTS["requests"]

    assert {request[side] for request in requests for side in ("from", "to")} <= known
    assert all(request["from"] != request["to"] for request in requests)
    assert len({frozenset((request["from"], request["to"])) for request in requests}) == len(requests) >= 40
    assert {request["answer"] for request in requests} == {"accepted", "declined", "later", "pending"}
    assert all(1 <= request["stars"] <= 5 for request in requests)
    assert all(bool(request["decline_reason"]) == (request["answer"] == "declined") for request in requests)


def test_written_messages_are_varied() -> None:
    messages = REQUESTS["messages"] + [request["message"] for request in REQUESTS["requests"]]
    placeholders = {name for message in messages for name in re.findall(r"\{(\w+)\}", message)}

    assert len(REQUESTS["messages"]) == 60
    assert len(REQUESTS["rating_comments"]) == 40
    assert len(REQUESTS["outcomes"]["texts"]) == 25
    assert _repeated(messages) == []
    assert placeholders == {"need", "offer"}


def test_outcome_texts_name_known_outcomes() -> None:
    outcomes = REQUESTS["outcomes"]

    assert {text["code"] for text in outcomes["texts"]} == {code["code"] for code in outcomes["codes"]}


def test_accounts_refer_to_known_events_partners_and_people() -> None:
    slugs = {event["slug"] for event in EVENTS}
    people = {person["email"]: entry["id"] for entry in ORGANISATIONS for person in entry["representatives"]}
    accounts = ACCOUNTS["accounts"]

    assert _repeated([account["email"] for account in accounts]) == []
    assert {membership["slug"] for account in accounts for membership in account["events"]} <= slugs
    assert {account["partner"] for account in accounts} <= set(PARTNERS) | {None}
    assert all(people[a["email"]] == a["organisation"] for a in accounts if a["organisation"])
    assert all(account["email"].endswith(".example") for account in accounts)


def test_the_outsider_is_not_at_the_b2b_event() -> None:
    carl = next(account for account in ACCOUNTS["accounts"] if account["role"] == "outsider")

    assert [membership["slug"] for membership in carl["events"]] == ["webinar-2"]
