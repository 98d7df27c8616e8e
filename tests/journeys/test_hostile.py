"""Hostile texts in every field stay texts: no script runs, no link misleads, nothing is refused by the policy."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.person import Person, arrive
from tests.journeys.site import Site

pytestmark = pytest.mark.browser

SECRET = "harbour seventeen lantern"
FAIR = "/events/hostile"
PAGES = {
    "visitor": ("/events/", f"{FAIR}/", f"{FAIR}/agenda"),
    "olga": (
        f"{FAIR}/manage", f"{FAIR}/manage/settings", f"{FAIR}/manage/agenda", f"{FAIR}/manage/agenda/sessions/1",
        f"{FAIR}/manage/agenda/versions", f"{FAIR}/manage/participants", f"{FAIR}/manage/participants/1",
        f"{FAIR}/manage/profiles", f"{FAIR}/manage/profiles/1", f"{FAIR}/manage/meetings",
        f"{FAIR}/manage/meetings/list", f"{FAIR}/manage/meetings/requests", f"{FAIR}/manage/matching",
        f"{FAIR}/manage/matching/recommendations", f"{FAIR}/manage/scheduling", f"{FAIR}/manage/reports",
        f"{FAIR}/manage/activity",
    ),
    "ana": (
        "/my-events", f"{FAIR}/me/profile", f"{FAIR}/me/availability", f"{FAIR}/me/partners", f"{FAIR}/me/partners/2",
        f"{FAIR}/me/directory", f"{FAIR}/me/requests", f"{FAIR}/me/ask/5", f"{FAIR}/me/meetings/1",
        f"{FAIR}/me/itinerary", f"{FAIR}/me/calendar", "/organisations", "/organisations/1", "/account",
    ),
}  # fmt: skip
TRACES = """() => ({
    title: document.title.includes("owned") && !document.title.includes("<script>"),
    links: [...document.querySelectorAll("a[href], form[action]")]
        .map((it) => it.getAttribute("href") ?? it.getAttribute("action"))
        .filter((target) => /^\\s*(javascript|data|vbscript):/i.test(target)),
    strangers: document.querySelectorAll("main img[src=x], main script:not([src])").length,
    handlers: [...document.querySelectorAll("*")].filter((it) => [...it.attributes].some((a) => a.name.startsWith("on"))).length,
})"""
CLEAN = {"title": False, "links": [], "strangers": 0, "handlers": 0}


@pytest.fixture(scope="module")
def people(site: Site, browser: Browser) -> Iterator[dict[str, Person]]:
    site.store("gallery", "hostile", "hostile", SECRET)
    found = {name: arrive(browser, site, name) for name in PAGES}
    for name in ("olga", "ana"):
        found[name].sign_in(f"{name}@hostile.example", SECRET)
    yield found
    for person in found.values():
        person.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_hostile_texts_are_shown_as_texts(people: dict[str, Person], name: str) -> None:
    person = people[name]

    found = {}
    for path in PAGES[name]:
        answer = person.page.goto(person.site.address + path)
        assert answer is not None
        assert (path, answer.status) == (path, 200)
        found[path] = person.page.evaluate(TRACES)

    assert {path: traces for path, traces in found.items() if traces != CLEAN} == {}
    assert person.troubles == []  # neither dialog nor error nor refusal of the policy


def test_links_with_a_script_are_refused_where_they_are_typed(people: dict[str, Person]) -> None:
    olga = people["olga"]
    olga.go("/events/new?kind=webinar")
    olga.fill(name="Harmless", join_link="javascript:alert(1)")

    with olga.refused(422):
        olga.press("Save the draft")

    olga.sees("Enter a full address")
    expect(olga.page.locator("[name=join_link]")).to_have_value("javascript:alert(1)")


def test_ten_thousand_characters_come_back_with_a_message(people: dict[str, Person]) -> None:
    olga = people["olga"]
    olga.go("/events/new?kind=webinar")
    olga.page.locator("[name=name]").evaluate("it => it.removeAttribute('maxlength')")
    olga.fill(name="🤖" * 10_000)

    with olga.refused(422):
        olga.press("Save the draft")

    expect(olga.page.locator("[name=name]")).to_have_value("🤖" * 10_000)
