"""Pages of lists, tables as files, times, and the rules of blueprints."""

import io
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Blueprint, Flask
from openpyxl import load_workbook
from werkzeug.exceptions import NotFound

from matchmaker.accounts.models import User
from matchmaker.db import db, transaction
from matchmaker.web import ACCESS, Access, Column, Page, export_table, guard, paginate
from matchmaker.web.access import guard_view
from matchmaker.web.links import absolute_url
from matchmaker.web.times import local_date, local_datetime, local_time, utc_offset, zone_choices, zone_label
from tests import factories

SUMMER, WINTER = datetime(2026, 7, 1, 10, 0, tzinfo=UTC), datetime(2026, 12, 8, 10, 0, tzinfo=UTC)


@pytest.fixture
def people(database):
    with transaction():
        for _ in range(7):
            factories.make_user()


@pytest.mark.parametrize(
    ("number", "shown"),
    [("1", (1, 1, 3, 3)), ("3", (3, 7, 7, 1)), ("99", (3, 7, 7, 1)), ("0", (1, 1, 3, 3)), ("-5", (1, 1, 3, 3)),
     ("abc", (1, 1, 3, 3)), ("9" * 40, (3, 7, 7, 1))],
)  # fmt: skip
def test_a_page_outside_of_the_list_is_the_nearest(app, people, number, shown):
    with app.test_request_context(f"/events?page={number}"):
        page = paginate(db.select(User).order_by(User.id), per_page=3)

    assert (page.number, page.first, page.last, len(page.items)) == shown
    assert (page.total, page.pages) == (7, 3)


def test_an_empty_list_has_one_page(app, database):
    with app.test_request_context("/events"):
        page = paginate(db.select(User.id, User.email).where(User.id < 0), scalars=False)

    assert (page.items, page.pages, page.first, page.last) == ([], 1, 0, 0)


def test_links_to_other_pages_keep_the_filters(app):
    with app.test_request_context("/events/łódź fair/?q=a%26b&tag=x&tag=y&page=1"):
        address = urlsplit(Page([], 1, 50, 100).url(2))

    assert address.path == "/events/%C5%82%C3%B3d%C5%BA%20fair/"
    assert parse_qs(address.query) == {"q": ["a&b"], "tag": ["x", "y"], "page": ["2"]}


@pytest.mark.parametrize("name", ["endpoint", "_external", "_anchor", "_scheme", "_method", "slug"])
def test_arguments_of_visitors_stay_arguments(app, name):
    with app.test_request_context(f"/events?{name}=//evil.example"):
        address = Page([], 1, 50, 100).url(2)

    assert address == f"/events?{name}=%2F%2Fevil.example&page=2"


COLUMNS = [Column("Name", lambda row: row[0]), Column("Value", lambda row: row[1])]
ROWS = [
    ("=1+1", 5), ("+49", -3.5), ("-x", None), ("@cmd", WINTER), ("\t=1", ["a", "b"]), ('Łódź, "x"', True), ("\n=1", "x\x07y"),
]  # fmt: skip
SAFE = [
    ["'=1+1", 5], ["'+49", -3.5], ["'-x", ""], ["'@cmd", "2026-12-08T10:00+00:00"], ["'\t=1", "a, b"], ['Łódź, "x"', "True"],
    ["'\n=1", "xy"],
]  # fmt: skip


def test_csv_runs_no_formulas(app):
    import csv

    with app.app_context():
        answer = export_table(COLUMNS, ROWS, "csv", "Łódź list")

    text = answer.get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == ["Name", "Value"]
    assert [[name, value.replace("\x07", "")] for name, value in rows[1:]] == [[str(v) for v in row] for row in SAFE]
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="odz_list.csv"'


def test_xlsx_runs_no_formulas(app):
    with app.app_context():
        answer = export_table(COLUMNS, ROWS, "xlsx", "***")

    sheet = load_workbook(io.BytesIO(answer.get_data())).active
    rows = [[value if value is not None else "" for value in row] for row in sheet.iter_rows(values_only=True)]
    assert rows == [["Name", "Value"], *SAFE]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert answer.headers["Content-Disposition"] == 'attachment; filename="export.xlsx"'


def test_other_forms_of_tables_do_not_exist(app):
    with app.app_context(), pytest.raises(NotFound):
        export_table(COLUMNS, ROWS, "exe", "list")


def test_times_are_shown_in_a_named_zone(app):
    with app.test_request_context("/"):
        assert local_time(SUMMER, "Europe/Brussels") == "12:00"
        assert local_datetime(WINTER, "Asia/Kolkata") == "Tue 8 Dec 2026, 15:30"
        assert local_date(date(2026, 12, 8)) == "Tue 8 Dec 2026"


@pytest.mark.parametrize(
    ("zone", "moment", "offset", "label"),
    [
        ("Europe/Brussels", SUMMER, "UTC+2", "Brussels (CEST, UTC+2)"),
        ("Europe/Brussels", WINTER, "UTC+1", "Brussels (CET, UTC+1)"),
        ("Asia/Kolkata", WINTER, "UTC+5:30", "Kolkata (IST, UTC+5:30)"),
        ("America/St_Johns", WINTER, "UTC-3:30", "St Johns (NST, UTC-3:30)"),
        ("America/Sao_Paulo", WINTER, "UTC-3", "Sao Paulo (UTC-3)"),
        ("UTC", WINTER, "UTC", "UTC (UTC)"),
    ],
)
def test_zones_are_named_with_their_offset(zone, moment, offset, label):
    assert (utc_offset(moment, zone), zone_label(zone, moment)) == (offset, label)


def test_zones_to_choose_are_places():
    zones = [name for name, _label in zone_choices()]

    assert zone_choices()[0] == ("UTC", "UTC")
    assert "Europe/Vilnius" in zones
    assert [zone for zone in zones if zone.startswith(("Etc/", "US/", "posix"))] == []


def test_addresses_in_mails_come_from_the_settings(app):
    with app.app_context():
        assert absolute_url("public.landing") == "http://localhost/"


def test_a_view_can_be_stricter_than_its_blueprint(app):
    own = Flask("own")
    blueprint, asked = Blueprint("shelf", __name__), []
    guard(blueprint, Access.PUBLIC, lambda: asked.append("all"))
    guard_view(blueprint, "secret", Access.ADMINISTRATOR, lambda: None, lambda: ("no", 403))
    blueprint.add_url_rule("/open", "open", lambda: "open")
    blueprint.add_url_rule("/secret", "secret", lambda: "secret")
    own.register_blueprint(blueprint)
    try:
        client = own.test_client()
        assert [client.get(path).status_code for path in ("/open", "/secret")] == [200, 403]
        assert asked == ["all", "all"]
        assert (ACCESS["shelf"], ACCESS["shelf.secret"]) == (Access.PUBLIC, Access.ADMINISTRATOR)
    finally:
        del ACCESS["shelf"], ACCESS["shelf.secret"]
