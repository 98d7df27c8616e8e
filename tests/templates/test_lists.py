"""List macros: states in words, safe addresses, figures within their bounds."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pytest

from matchmaker.web.pages import Page
from tests.templates.conftest import Render, Tags

IMPORT = (
    "{% from '_macros/lists.html' import badge, pagination, sort_head, data_table, row_select, bulk_bar, filters,"
    " search_field, filter_select, person, stars, score_bar, progress_panel, empty, stat, stats, tags, facts,"
    " page_head, section_head, export_links %}"
)
TIMES = "{% from '_macros/time.html' import when, slot, period, duration, day %}"
START = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)


class State(StrEnum):
    """A state as models have it."""

    PENDING = "pending"


@pytest.mark.parametrize(
    ("state", "tone", "word"),
    [(State.PENDING, "wait", "Pending"), ("accepted", "good", "Accepted"), ("never_seen", "quiet", "Never seen")],
)
def test_a_state_is_a_word_and_a_tone(render: Render, state: str, tone: str, word: str) -> None:
    text = render(IMPORT + "{{ badge(state) }}", state=state)

    assert Tags(text).named("span")[0]["class"] == f"badge-state tone-{tone}"
    assert f"</svg>{word}</span>" in text


def test_a_sorted_head_turns_round_keeps_filters_and_forgets_the_page(render: Render) -> None:
    tags = Tags(render(IMPORT + "{{ sort_head('Name', 'name') }}{{ sort_head('Kind', 'kind', number=true) }}"))

    assert [head.get("aria-sort") for head in tags.named("th")] == ["ascending", None]
    assert [link["href"] for link in tags.named("a")] == ["?sort=-name&q=laser", "?sort=kind&q=laser"]


def test_pages_show_neighbours_and_ends(render: Render) -> None:
    class Fixed(Page):
        def url(self, number: int) -> str:
            return f"?page={number}"

    text = render(IMPORT + "{{ pagination(page) }}", page=Fixed([], 5, 25, 212))

    shown = [link.get("href") for link in Tags(text).named("a")]
    assert shown == [f"?page={n}" for n in (4, 1, 4, 5, 6, 9, 6)]
    assert "101 to 125 of 212" in text


def test_a_single_page_only_counts(render: Render) -> None:
    text = render(IMPORT + "{{ pagination(page) }}", page=Page([], 1, 25, 1))

    assert ">1 entry<" in text


def test_an_empty_list_says_nothing_about_pages(render: Render) -> None:
    assert render(IMPORT + "{{ pagination(page) }}", page=Page([], 1, 25, 0)).strip() == ""


def test_a_table_has_a_caption_and_named_columns(render: Render) -> None:
    heads = [
        {"label": "Select", "select": True},
        {"label": "Name", "sort": "name"},
        {"label": "Meetings", "number": True},
        {"label": "Actions", "hidden": True},
        "State",
    ]

    text = render(
        IMPORT + "{% call data_table('People', heads, empty_row='Nobody', dense=true) %}"
        "<tr>{{ row_select(7, 'Ana') }}</tr>{% endcall %}",
        heads=heads,
    )

    assert ">People</caption>" in text
    assert "Select Ana" in text
    assert len(Tags(text).named("th")) == 4


@pytest.mark.parametrize(("value", "width"), [(None, "0"), (-1, "0"), (0.5, "50"), (7, "100")])
def test_a_score_stays_within_its_bar(render: Render, value: float | None, width: str) -> None:
    tags = Tags(render(IMPORT + "{{ score_bar(value, 'Fit', note='Both') }}", value=value))

    assert tags.named("rect")[1]["width"] == width


def test_stars_say_their_number(render: Render) -> None:
    tags = Tags(render(IMPORT + "{{ stars(3) }}"))

    assert tags.named("span")[0]["aria-label"] == "3 of 5 stars"


def test_a_person_has_initials_and_escaped_names(render: Render) -> None:
    text = render(IMPORT + "{{ person(name, '<b>Lab</b>', 'Greece', small=true) }}", name="áron de Szűcs")

    assert 'aria-hidden="true">ÁS</span>' in text
    assert Tags(text).named("b") == []


def test_a_nameless_person_is_no_error(render: Render) -> None:
    assert "person-name" in render(IMPORT + "{{ person('') }}")


def test_finished_work_is_not_asked_for_again(render: Render) -> None:
    panel = "{{ progress_panel('/run/1', 'Matching', finished=finished, then='reload', value=3, max=9) }}"

    running = Tags(render(IMPORT + panel, finished=False)).named("section")[0]
    finished = Tags(render(IMPORT + panel, finished=True)).named("section")[0]

    assert running["data-poll"] == "/run/1"
    assert "data-poll" not in finished


def test_the_parts_around_a_list_render(render: Render) -> None:
    text = render(
        IMPORT + "{% call page_head('People', 'All of them', {'href': '/', 'label': 'Home'}) %}x{% endcall %}"
        "{{ section_head('Part', 'Text', id='part') }}"
        "{% call filters(reset='/list', active=true) %}{{ search_field('laser') }}"
        "{{ filter_select('state', 'State', [('', 'All'), ('open', 'Open')], 'open') }}{% endcall %}"
        "{{ bulk_bar([('approve', 'Approve')]) }}{{ export_links('/a.csv', '/a.xlsx') }}{{ tags(['Metal']) }}"
        "{{ empty('Nobody', 'Ask somebody', {'href': '/ask', 'label': 'Ask'}) }}{{ facts([('Where', 'Table 4'), ('Who', '')]) }}"
        "{% call stats() %}{{ stat('People', 3, 'today', '/people') }}{% endcall %}"
    )

    tags = Tags(text)
    links = [link["href"] for link in tags.named("a")]
    assert links == ["/", "/list", "/a.csv", "/a.xlsx", "/ask", "/people"]
    assert [option["value"] for option in tags.named("option") if "selected" in option] == ["open"]
    assert len(tags.named("dt")) == 2


def test_a_time_shows_both_zones_where_the_clocks_differ(render: Render) -> None:
    text = render(TIMES + "{{ when(t, 'Europe/Madrid', 'Asia/Tokyo') }}", t=START)

    assert "10:20" in text
    assert "18:20" in text
    assert "Tokyo" in text


def test_a_time_shows_one_zone_where_the_clocks_agree(render: Render) -> None:
    text = render(TIMES + "{{ when(t, 'Europe/Madrid', 'Europe/Berlin') }}", t=START)

    assert "Your time" not in text


def test_a_time_on_another_day_says_so(render: Render) -> None:
    late = START.replace(hour=22)

    text = render(TIMES + "{{ slot(t, u, 'Europe/Madrid', 'Asia/Tokyo') }}", t=late, u=late + timedelta(minutes=20))

    assert "Wed 4 Nov 2026, " in text


def test_an_event_of_one_day_shows_hours_and_a_longer_one_days(render: Render) -> None:
    one = render(TIMES + "{{ period(t, u, 'Europe/Madrid') }}", t=START, u=START + timedelta(hours=2))
    two = render(TIMES + "{{ period(t, u, 'Europe/Madrid') }}", t=START, u=START + timedelta(days=1))

    assert ">12:20</time>" in one
    assert ">Wed 4 Nov 2026</time>" in two


@pytest.mark.parametrize(("minutes", "shown"), [(0, "0 min"), (20, "20 min"), (60, "1 h"), (90, "1 h 30 min")])
def test_a_duration_is_in_hours_and_minutes(render: Render, minutes: int, shown: str) -> None:
    text = render(TIMES + "{{ duration(d) }}", d=timedelta(minutes=minutes))

    assert text == f'<span class="duration">{shown}</span>'
