"""The keyboard alone: skip link, menus, dialogs, visible focus, and a way out of everything."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.person import Person, arrive
from tests.journeys.site import Site

pytestmark = pytest.mark.browser

SECRET = "harbour seventeen lantern"
FAIR = "/events/long"
# What is focused, whether one sees it, and whether it is inside the window.
FOCUS = """async () => {
    await Promise.all(document.getAnimations().map((each) => each.finished));  // the skip link slides in
    const it = document.activeElement;
    const box = it.getBoundingClientRect();
    const shown = getComputedStyle(it.matches(".visually-hidden") ? it.nextElementSibling ?? it.closest("label") : it);
    return {
        name: (it.innerText || it.name || it.id || it.tagName).slice(0, 60),
        key: [...document.querySelectorAll("*")].indexOf(it),
        body: it === document.body,
        visible: shown.outlineStyle !== "none" || shown.boxShadow !== "none",
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}"""


@pytest.fixture(scope="module")
def olga(site: Site, browser: Browser) -> Iterator[Person]:
    site.store("gallery", "long", "long", SECRET)
    olga = arrive(browser, site, "olga")
    olga.sign_in("olga@long.example", SECRET)
    yield olga
    olga.context.close()


def test_the_first_tab_leads_to_the_content(olga: Person) -> None:
    olga.go(f"{FAIR}/")

    olga.page.keyboard.press("Tab")
    expect(olga.page.locator(".skip-link")).to_be_focused()
    olga.page.keyboard.press("Enter")

    expect(olga.page.locator("main")).to_be_focused()


@pytest.mark.parametrize(
    "path", ["/", "/events/", f"{FAIR}/", f"{FAIR}/manage/participants", f"{FAIR}/manage/meetings", f"{FAIR}/agenda"]
)
def test_tab_goes_through_the_page_and_out_of_it_and_one_always_sees_where(olga: Person, path: str) -> None:
    olga.go(path)

    stops = []
    for _ in range(250):
        olga.page.keyboard.press("Tab")
        stop = olga.page.evaluate(FOCUS)
        if stop["body"] or (stops and stop["key"] == stops[0]["key"]):
            break
        if not stops or stop["key"] != stops[-1]["key"]:  # fields of dates and times have several stops of their own
            stops.append(stop)

    assert len(stops) < 250, "no way out"
    assert len({stop["key"] for stop in stops}) == len(stops)
    assert [stop["name"] for stop in stops if not (stop["visible"] and stop["inside"])] == []


def test_the_menu_opens_by_enter_and_closes_by_escape(olga: Person) -> None:
    olga.go(f"{FAIR}/")
    menu = olga.page.locator("details.menu").last
    summary = menu.locator("summary")

    summary.focus()
    olga.page.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="Account")).to_be_visible()
    olga.check_access("open menu")
    olga.page.keyboard.press("Tab")
    expect(menu.get_by_role("link").first).to_be_focused()
    olga.page.keyboard.press("Escape")

    expect(menu.get_by_role("link", name="Account")).to_be_hidden()
    expect(summary).to_be_focused()


def test_a_dialog_keeps_the_focus_and_gives_it_back(olga: Person) -> None:
    olga.go(f"{FAIR}/manage/settings")
    opener = olga.page.locator("details[data-confirm] summary").first

    opener.focus()
    olga.page.keyboard.press("Enter")
    dialog = olga.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    olga.check_access("open dialog")
    for _ in range(5):
        olga.page.keyboard.press("Tab")
        assert olga.page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    olga.page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_after_a_mistake_the_focus_stands_at_the_summary_of_errors(olga: Person) -> None:
    olga.go("/events/new?kind=webinar")

    olga.page.locator("[name=name]").focus()
    with olga.refused(422):
        olga.page.keyboard.press("Enter")
        expect(olga.page.locator(".error-summary")).to_be_focused()

    olga.page.keyboard.press("Tab")
    olga.page.keyboard.press("Enter")
    expect(olga.page.locator("[name=name]")).to_be_focused()
