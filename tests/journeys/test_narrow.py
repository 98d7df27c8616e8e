"""Nothing makes a page scroll sideways at 320 and 360 pixels, whatever the length of names."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.person import Person, arrive
from tests.journeys.site import Site

pytestmark = pytest.mark.browser

SECRET = "harbour seventeen lantern"
FAIR = "/events/long"
PUBLIC = ("/", "/events/", "/projects/", "/account/sign-in", "/account/sign-up", f"{FAIR}/", f"{FAIR}/agenda")
ORGANISER = (
    f"{FAIR}/", f"{FAIR}/manage", f"{FAIR}/manage/settings", f"{FAIR}/manage/agenda",
    f"{FAIR}/manage/agenda/sessions/1", f"{FAIR}/manage/participants", f"{FAIR}/manage/participants/1",
    f"{FAIR}/manage/meetings", f"{FAIR}/manage/meetings/list", f"{FAIR}/manage/meetings/requests",
    f"{FAIR}/manage/matching", f"{FAIR}/manage/matching/recommendations", f"{FAIR}/manage/scheduling",
    f"{FAIR}/manage/reports", f"{FAIR}/manage/mails", f"{FAIR}/manage/activity", f"{FAIR}/manage/team", "/account",
)  # fmt: skip
PARTICIPANT = (
    "/my-events", f"{FAIR}/", f"{FAIR}/agenda", f"{FAIR}/me/profile", f"{FAIR}/me/availability", f"{FAIR}/me/partners",
    f"{FAIR}/me/partners/2", f"{FAIR}/me/directory", f"{FAIR}/me/requests", f"{FAIR}/me/ask/5",
    f"{FAIR}/me/meetings/1", f"{FAIR}/me/itinerary", f"{FAIR}/me/calendar", "/organisations", "/organisations/1",
)  # fmt: skip
# The elements that stick out, innermost first; what lies in a frame that scrolls by itself is fine.
WIDE = """() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const sticks = (it) => it.getBoundingClientRect().right > innerWidth + 0.5;
    return [...document.querySelectorAll("body *")]
        .filter((it) => sticks(it) && ![...it.children].some(sticks))
        .map((it) => it.outerHTML.slice(0, 160)).slice(0, 5).concat([`${document.documentElement.scrollWidth}`]);
}"""


@pytest.fixture(scope="module")
def people(site: Site, browser: Browser) -> Iterator[dict[str, Person]]:
    site.store("gallery", "long", "long", SECRET)
    found = {name: arrive(browser, site, name) for name in ("visitor", "olga", "ana")}
    for name in ("olga", "ana"):
        found[name].sign_in(f"{name}@long.example", SECRET)
    yield found
    for person in found.values():
        person.context.close()


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize(("name", "paths"), [("visitor", PUBLIC), ("olga", ORGANISER), ("ana", PARTICIPANT)])
def test_no_page_is_wider_than_the_window(
    people: dict[str, Person], name: str, paths: tuple[str, ...], width: int
) -> None:
    page = people[name].page
    page.set_viewport_size({"width": width, "height": 780})

    found = {}
    for path in paths:
        answer = page.goto(people[name].site.address + path)
        assert answer is not None
        assert (path, answer.status) == (path, 200)
        found[path] = page.evaluate(WIDE)

    assert {path: wide for path, wide in found.items() if wide} == {}
