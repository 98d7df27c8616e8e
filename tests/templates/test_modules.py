"""The page modules in Chromium, under the real content policy. Pages are rendered here and served by the test."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from playwright.sync_api import Browser, Page, Route, expect
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

pytestmark = pytest.mark.browser
SITE = "http://localhost"
HEAD = (
    "{% extends 'base.html' %}"
    "{% from '_macros/forms.html' import fields, form_open, form_close, submit_row, confirm_button %}"
    "{% from '_macros/lists.html' import bulk_bar, row_select, filters, filter_select, progress_panel %}"
    "{% block title %}Try{% endblock %}{% block content %}<h1>Try</h1>"
)
FOOT = (
    "{% endblock %}{% block scripts %}{% for name in modules %}"
    "<script type='module' src='/static/js/{{ name }}.js'></script>{% endfor %}{% endblock %}"
)
GRID = (
    "<form><div hidden><button type='button' data-paint-set='none'>None</button></div><table class='paint' data-paint>"
    "<tbody>{% for row in range(3) %}<tr>{% for column in range(3) %}<td><label><input type='checkbox'"
    "{% if (row, column) == (2, 2) %} disabled{% endif %}><span class='visually-hidden'>x</span></label></td>"
    "{% endfor %}</tr>{% endfor %}</tbody></table></form>"
)


class Sample(FlaskForm):
    """A form with a counted text and a zone."""

    about = TextAreaField("About", [Length(max=10)])
    zone = SelectField("Zone", choices=["UTC", "Europe/Vilnius"])


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One page of a browser in Vilnius."""
    context = browser.new_context(timezone_id="Europe/Vilnius", color_scheme="light")
    yield context.new_page()
    context.close()


@pytest.fixture
def show(app: Flask, page: Page) -> Iterator[Callable[..., list[str]]]:
    """Open a page with this content; returns the list into which violations of the policy are written."""
    client: FlaskClient = app.test_client()
    complaints: list[str] = []
    answers: list[dict[str, object]] = []
    with app.test_request_context("/try"):
        policy = client.get("/health/live").headers["Content-Security-Policy"]

    def serve(route: Route) -> None:
        address = route.request.url.removeprefix(SITE)
        if address.startswith("/poll"):
            route.fulfill(json=answers.pop(0))
        elif address.startswith("/try"):
            route.fulfill(body=serve.text, content_type="text/html", headers={"Content-Security-Policy": policy})  # type: ignore[attr-defined]
        else:
            with client.get(address) as answer:
                route.fulfill(status=answer.status_code, body=answer.data, content_type=answer.content_type)

    def shown(content: str, *modules: str, polled: list[dict[str, object]] | None = None) -> list[str]:
        answers[:] = polled or []
        with app.test_request_context("/try"):
            serve.text = render_template_string(HEAD + content + FOOT, form=Sample(), modules=modules)  # type: ignore[attr-defined]
        page.goto(f"{SITE}/try")
        return complaints

    def hear(message: object) -> None:
        if re.search("Content Security Policy", str(message)):
            complaints.append(str(message))

    page.on("console", hear)
    page.route(f"{SITE}/**", serve)
    yield shown
    page.unroute(f"{SITE}/**")
    assert complaints == []


def painted(page: Page) -> str:
    """The grid as rows of 0 and 1."""
    boxes = page.locator(".paint input").evaluate_all("boxes => boxes.map(box => box.checked ? 1 : 0).join('')")
    return f"{boxes[:3]} {boxes[3:6]} {boxes[6:]}"


def test_the_theme_follows_the_system_until_switched_and_is_kept(page: Page, show: Callable[..., list[str]]) -> None:
    show("")
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "light")

    page.get_by_role("button", name="Use dark colours").click()
    page.reload()

    expect(root).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Use light colours").click()
    assert page.evaluate("localStorage.getItem('theme')") is None


def test_the_counter_says_what_is_left_and_what_is_too_much(page: Page, show: Callable[..., list[str]]) -> None:
    show("{{ form_open() }}{{ fields(form) }}{{ form_close() }}")

    page.get_by_label("About").fill("12345678")
    expect(page.locator("#about-count")).to_have_text("2 characters left")
    page.get_by_label("About").fill("123456789012")
    expect(page.locator("#about-count")).to_have_text("2 characters too many")


def test_unsaved_input_is_not_left_without_a_question(page: Page, show: Callable[..., list[str]]) -> None:
    asked: list[str] = []
    show("{{ form_open() }}{{ fields(form) }}{{ form_close() }}")
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.get_by_label("About").fill("new")
    page.goto(f"{SITE}/try")

    assert asked == ["beforeunload"]


def test_the_zone_of_the_browser_is_offered_and_taken(page: Page, show: Callable[..., list[str]]) -> None:
    show("{% from '_macros/forms.html' import field %}{{ field(form.zone, data_zone=true) }}", "zone")

    page.get_by_role("button", name="Use it").click()

    expect(page.get_by_label("Zone")).to_have_value("Europe/Vilnius")


def test_a_question_opens_as_a_dialog_with_the_safe_answer_focused(page: Page, show: Callable[..., list[str]]) -> None:
    show("{{ confirm_button('Cancel', '/cancel', 'Cancel it?') }}")

    page.locator("summary", has_text="Cancel").click()
    expect(page.get_by_role("dialog", name="Cancel it?")).to_be_visible()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.locator("summary", has_text="Cancel")).to_be_focused()


def test_a_form_with_a_question_is_sent_only_after_yes(page: Page, show: Callable[..., list[str]]) -> None:
    show("<form action='/try' data-confirm='Sure?' data-no='No'><button name='sent' value='1'>Remove</button></form>")

    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="No").click()
    assert page.url == f"{SITE}/try"
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()

    page.wait_for_url("**/try?sent=1")


def test_rows_are_chosen_all_at_once_and_in_ranges(page: Page, show: Callable[..., list[str]]) -> None:
    show(
        "<form data-bulk>{{ bulk_bar([('x', 'X')]) }}<table>{% for n in range(4) %}<tr>{{ row_select(n, n) }}</tr>"
        "{% endfor %}</table></form>",
        "bulk",
    )
    count = page.locator("[data-bulk-count]")

    page.get_by_label("Select 0").click()
    page.get_by_label("Select 2").click(modifiers=["Shift"])
    expect(count).to_have_text("3 selected")
    page.get_by_label("Select all on this page").click()

    expect(count).to_have_text("4 selected")


def test_a_filter_applies_itself_and_leaves_out_empty_fields(page: Page, show: Callable[..., list[str]]) -> None:
    show(
        "{% call filters() %}{{ filter_select('state', 'State', [('', 'All'), ('open', 'Open')]) }}"
        "{{ filter_select('kind', 'Kind', [('', 'All')]) }}{% endcall %}",
        "autosubmit",
    )

    page.get_by_label("State").select_option("open")

    page.wait_for_url("**/try?state=open")


def test_availability_is_painted_by_dragging_clicking_and_keys(page: Page, show: Callable[..., list[str]]) -> None:
    show(GRID, "grid-paint")
    cells = page.locator(".paint td")

    cells.nth(0).hover()
    page.mouse.down()
    cells.nth(4).hover()
    page.mouse.up()
    assert painted(page) == "110 110 000"
    cells.nth(0).click()
    assert painted(page) == "010 110 000"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert painted(page) == "000 110 000"
    page.get_by_role("button", name="None").click()

    assert painted(page) == "000 000 000"


def test_long_work_is_followed_until_it_is_finished(page: Page, show: Callable[..., list[str]]) -> None:
    show(
        "{{ progress_panel('/poll', 'Matching') }}",
        "poll",
        polled=[
            {"finished": False, "text": "Half", "value": 1, "max": 2},
            {"finished": True, "text": "Done", "value": 2, "max": 2, "url": "/try?done"},
        ],
    )

    expect(page.get_by_text("Half")).to_be_visible()
    expect(page.get_by_role("link", name="Show the result")).to_have_attribute("href", "/try?done")
    expect(page.get_by_text("Done")).to_be_visible()
