"""A fair day in Chromium, from the empty installation to the figures afterwards: real server, model, jobs, solver, mails.

Olga organises; Ana and her colleague Bea come from Murcia, Ben from Hamburg. Every page that one of them sees is
scanned for barriers and judged for errors: see ``person.py``.
"""

import csv
import io
import re

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, expect

from tests.journeys.person import Person, arrive
from tests.journeys.site import Site, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.model]

SECRET = "harbour seventeen lantern"
EVENT = "/events/fair-of-machines"
OLGA, ANA, BEA, BEN = "olga@agency.example", "ana@talleres.example", "bea@talleres.example", "ben@werkhalle.example"


def test_a_fair_day(site: Site, browser: Browser) -> None:
    olga = arrive(browser, site, "olga")
    olga_enters(olga)
    olga_creates_the_event(olga)
    olga_sets_up_the_meetings(olga)
    olga_builds_the_agenda(olga)
    olga_creates_every_other_kind(olga)

    ana, bea = arrive(browser, site, "ana", "Europe/Madrid"), arrive(browser, site, "bea", "Europe/Madrid")
    ben = arrive(browser, site, "ben", "Europe/Helsinki")
    ana_founds_her_organisation(ana)
    bea_joins_it(bea, ana)
    ben_comes_alone(ben)
    for person in (ana, bea, ben):
        registers(person)
    write_profiles(ana, ben)
    site.store("people", "fair-of-machines")
    olga_approves(olga)
    ana_paints_her_availability(ana)
    olga_runs_the_matching(olga)
    ana_asks_ben(ana)
    site.store("requests", "fair-of-machines", "Ben Berg", "Ana Alvarez")
    ben_answers_all(ben)
    olga_schedules(olga)
    ana_takes_her_itinerary_home(ana)
    ana_cancels(ana, ben)

    meeting = site.store("yesterday", "yesterday", OLGA, ANA, BEN)
    both_rate(ana, ben, meeting)
    olga_reads_the_figures(olga)
    olga_looks_around(olga)


# 1. The organiser creates the event


def olga_enters(olga: Person) -> None:
    printed = olga.site.flask("accounts", "create-admin", OLGA)
    olga.go("/")
    olga.go(re.findall(r"https?://\S+", printed)[-1])
    olga.fill(password=SECRET)
    olga.press("Set the password")
    olga.sign_in(OLGA, SECRET, "/account")
    olga.fill(first_name="Olga", last_name="Ortega", job_title="Event manager")
    olga.press("Save")


def olga_creates_the_event(olga: Person) -> None:
    olga.go("/events/")
    olga.follow("Create an event")
    olga.press("Choose B2B matchmaking event")
    olga.fill(name="", ends_time="")
    with olga.refused(422):
        olga.press("Save the draft")
    olga.sees("Give the event a name.", "Enter when it ends.")
    olga.fill(
        name="Fair of machines", ends_time="17:00", venue="Hall 4, Brussels", thematic_focus="Flexible production",
        summary="Two days of short talks between makers and users of machines.", capacity="40",
        description="Bring **samples**.\n\n* Talks of 20 minutes\n* A study visit",
    )  # fmt: skip
    olga.choose(mode="hybrid", visibility="public", registration="approval", timezone="Europe/Brussels")
    olga.press("Save the draft")
    olga.sees("The draft is saved", "Publish the event")
    assert olga.page.url.endswith(f"{EVENT}/manage")


def olga_sets_up_the_meetings(olga: Person) -> None:
    olga.go(f"{EVENT}/manage/meetings")
    for starts, ends in (("09:30", "12:30"), ("14:00", "16:00")):
        olga.fill(starts=starts, ends=ends)
        olga.press("Add the block")
    with olga.refused(422, 409):
        olga.fill(starts="12:00", ends="13:00")
        olga.press("Add the block")
    olga.sees("overlap")
    olga.fill(slot_minutes="30", gap_minutes="0")
    olga.page.get_by_label("Participants choose their slots themselves").uncheck()
    olga.press("Save the rules")
    olga.sees("10 slots")
    olga.press("Make the slots")
    olga.fill(count="3", prefix="Table")
    olga.press("Add the places")
    olga.sees("Table 3")


# 2. The agenda


def olga_builds_the_agenda(olga: Person) -> None:
    olga.go(f"{EVENT}/manage/agenda")
    for room in ("Great hall", "Seminar room"):
        olga.fill(name=room)
        olga.press("Add room")
    first = _adds_session(olga, "Welcome", "09:00", "09:30", "Great hall", "Vera Voss, City of Brussels")
    _adds_session(olga, "Robots in small series", "09:15", "10:00", "Great hall", "Vera Voss, City of Brussels")
    olga.sees("2 clashes", "Great hall", "Vera Voss")
    _adds_session(olga, "Visit of the foundry", "16:00", "17:00", "Seminar room", "", sign_up=True)
    olga.follow(first)
    olga.fill(starts="08:30", ends="09:00")
    olga.press("Save")
    olga.sees("outside")  # the event starts at nine
    olga.go(f"{EVENT}/manage/agenda")
    olga.follow(first)
    olga.fill(starts="09:00", ends="09:15")
    olga.press("Save")
    olga.go(f"{EVENT}/manage/agenda")
    expect(olga.page.get_by_role("heading", name=re.compile("clash"))).to_have_count(0)
    olga.fill(note="First programme")
    olga.press("Publish agenda")
    olga.go(f"{EVENT}/")
    olga.press("Publish")
    olga.go(f"{EVENT}/agenda")
    olga.sees("Version 1", "Robots in small series")


def _adds_session(olga: Person, title: str, starts: str, ends: str, room: str, speakers: str, *,
                  sign_up: bool = False) -> str:  # fmt: skip
    olga.go(f"{EVENT}/manage/agenda/sessions/new")
    olga.fill(title=title, starts=starts, ends=ends, speakers=speakers)
    olga.page.get_by_label("Room").select_option(label=room)
    if sign_up:
        olga.page.get_by_label("Participants sign up for this session").check()
        olga.fill(capacity="12")
    olga.press("Save")
    return title


def olga_creates_every_other_kind(olga: Person) -> None:
    olga.go("/events/new")
    kinds = [button.inner_text().split(maxsplit=1)[1] for button in olga.page.locator("button[name=kind]").all()]
    assert len(kinds) == 9
    for kind in kinds:
        olga.go("/events/new")
        olga.press(f"Choose {kind}")
        olga.fill(name=f"Usual {kind}")
        olga.press("Save the draft")
        olga.sees("The draft is saved")


# 3. A company's representative


def _signs_up(person: Person, first_name: str, last_name: str, email: str) -> None:
    person.go("/")
    person.follow("Sign up", person.page.locator("header"))
    person.fill(first_name=first_name, last_name=last_name, email=email, password=SECRET)
    person.press("Make an account")
    person.sees("A mail is on its way")
    person.go(_link_in(person, email, "onfirm", "/account/confirm/"))
    person.press("Confirm this address")
    person.fill(email=email, password=SECRET)
    person.press("Sign in", person.page.locator("main"))
    person.sees("Find your organisation")


def _link_in(person: Person, email: str, words: str, path: str) -> str:
    body = person.site.mail(email, words).get_body(("plain",))
    assert body is not None
    return next(link for link in re.findall(r"https?://\S+", body.get_content()) if path in link)


def _enters_organisation(person: Person, name: str, country: str, city: str) -> None:
    person.follow("Enter a new organisation")
    person.fill(name=name, city=city, website="company.example", description="Makes machines that make things.")
    person.choose(kind="sme", country=country)
    person.press("Enter the organisation")
    person.sees(name)


def ana_founds_her_organisation(ana: Person) -> None:
    _signs_up(ana, "Ana", "Alvarez", ANA)
    _enters_organisation(ana, "Talleres Segura", "ES", "Murcia")


def bea_joins_it(bea: Person, ana: Person) -> None:
    _signs_up(bea, "Bea", "Bravo", BEA)
    bea.sees("People with your mail domain", "Talleres Segura")
    bea.press("Ask to join Talleres Segura")
    bea.site.mail(ANA, "Talleres Segura")
    ana.go("/organisations")
    ana.follow("Talleres Segura")
    ana.press("Let in Bea Bravo")
    bea.go("/organisations")
    bea.sees("Member")


def ben_comes_alone(ben: Person) -> None:
    _signs_up(ben, "Ben", "Berg", BEN)
    ben.go("/organisations/join?q=Taleres+Segura")
    ben.sees("Talleres Segura")  # found in spite of the slip
    ben.go("/organisations/join")
    _enters_organisation(ben, "Werkhalle Hamburg", "DE", "Hamburg")
    ben.go("/account")
    ben.choose(timezone="Europe/Helsinki")
    ben.press("Save")


def registers(person: Person) -> None:
    person.go("/events/?q=machines")
    person.follow("Fair of machines")
    person.follow("Register")
    with person.refused(422):
        person.page.locator("form.form button[type=submit]").last.click()
        person.page.wait_for_load_state()
        person.sees("Without your consent")
    person.look()
    person.page.locator("[name=consent]").check()
    person.page.locator("form.form button[type=submit]").last.click()
    person.sees("Your registration")
    person.look()


# 4. Profile and availability


def write_profiles(ana: Person, ben: Person) -> None:
    ana.go(f"{EVENT}/me/profile")
    before = int(ana.page.locator("[data-completeness-value]").inner_text())
    _writes_profile(ana, "Welding cells for small batches of steel frames, programmed without code.",
                    "A camera system that finds bad welds while the line runs.")  # fmt: skip
    assert int(ana.page.locator("[data-completeness-value]").inner_text()) > before
    ben.go(f"{EVENT}/me/profile")
    _writes_profile(ben, "Machine vision that inspects weld seams in the running line.",
                    "Partners with welding robots who pilot our inspection cameras.")  # fmt: skip


def _writes_profile(person: Person, offer: str, need: str) -> None:
    person.fill(**{"offers-0": offer, "needs-0": need,
                   "description": "A family business of sixty people, known for quick answers."})  # fmt: skip
    person.choose(cooperation="rd_cooperation", languages="en")
    person.press("Save profile")


def ana_paints_her_availability(ana: Person) -> None:
    ana.go(f"{EVENT}/me/availability")
    boxes = ana.page.locator("table[data-paint] input[type=checkbox]")
    assert boxes.count() == 10
    boxes.first.focus()
    for key in ("Space", "Shift+ArrowDown", "Shift+ArrowDown", "ArrowDown", "Space", "Space"):
        ana.page.keyboard.press(key)
    ana.press("Save")
    ticked = [box.is_checked() for box in ana.page.locator("table[data-paint] input[type=checkbox]").all()]
    assert ticked == [False] * 3 + [True] * 7


# 5. Approval and matching


def olga_approves(olga: Person) -> None:
    olga.go(f"{EVENT}/manage/participants?q=alvarez")
    olga.follow("Ana Alvarez")
    olga.press("Approve")
    olga.site.mail(ANA, "Fair of machines")
    olga.go(f"{EVENT}/manage/participants?state=pending")
    olga.page.get_by_label("Select all on this page").check()
    expect(olga.page.locator("[data-bulk-count]")).to_have_text("10 selected")
    olga.press("Apply to selected")
    olga.go(f"{EVENT}/manage/participants?sort=name")
    rows = list(csv.reader(io.StringIO(olga.download("CSV").decode("utf-8-sig"))))
    assert len(rows) == 12
    assert any(ANA in row for row in rows)


def olga_runs_the_matching(olga: Person) -> None:
    olga.go(f"{EVENT}/manage/matching")
    olga.press("Run matching")
    olga.sees("Profiles compared")  # the page loads itself again when the run is done
    olga.look()
    olga.sees("Needs with an answer")
    assert "words only" not in olga.page.locator("main").inner_text()


# 6. Recommendations, requests, answers


def ana_asks_ben(ana: Person) -> None:
    ana.go(f"{EVENT}/me/partners")
    card = ana.page.locator("article.partner", has_text="Ben Berg")
    expect(card).to_contain_text("They have what you need")
    expect(card).to_contain_text("Machine vision that inspects weld seams")
    ana.go(f"{EVENT}/me/directory?q=grippers")
    ana.sees("Iris Nagel")
    ana.go(f"{EVENT}/me/directory?q=ben+berg")
    ana.follow("Ben Berg")
    ana.follow("Ask for a meeting Ben Berg")
    ana.fill(message="Can your cameras look into our welding cell?")
    ana.choose(stars="5")
    ana.press("Send the request")
    ana.go(f"{EVENT}/me/requests")
    ana.sees("Ben Berg", "Not answered yet")


def ben_answers_all(ben: Person) -> None:
    ben.site.mail(BEN, "would like to meet you")
    ben.go(f"{EVENT}/me/requests")
    cards = ben.page.locator("article.request-card")
    expect(cards).to_have_count(4)
    for name, answer in (
        ("Ana Alvarez", "Accept"), ("Greta Lund", "Accept"), ("Hugo Marin", "Later"), ("Iris Nagel", "Decline"),
    ):  # fmt: skip
        card = cards.filter(has_text=name)
        card.get_by_label(answer, exact=True).check()
        if answer == "Decline":
            card.get_by_label("Reason, if you decline").fill("We have grippers already.")
    ben.press("Send all answers")
    expect(ben.page.locator("article.request-card")).to_have_count(1)
    ben.sees("Ana Alvarez", "Waiting for the schedule")


# 7. The schedule


def olga_schedules(olga: Person) -> None:
    olga.go(f"{EVENT}/manage/scheduling")
    olga.fill(seconds="4")
    olga.press("Start run")
    olga.sees("What publishing would change")  # after the live panel, by itself
    olga.look()
    olga.sees("New meetings", "All 12 accepted requests are placed.")
    for section in ("Plan", "Not placed 0", "Load", "Checking"):
        olga.follow(section)
        olga.look()
    olga.follow("Publish")
    olga.sees("Who is told what")
    olga.look()
    olga.press(re.compile("^Publish and tell"))
    olga.sees("Published")


# 8. The itinerary and calendars


def ana_takes_her_itinerary_home(ana: Person) -> None:
    invitation = _calendar_part(ana.site, ANA, "REQUEST")
    assert all(event["UID"] for event in invitation.walk("VEVENT"))
    ana.go(f"{EVENT}/agenda")
    ana.press("Sign up Visit of the foundry")
    ana.go(f"{EVENT}/me/itinerary")
    ana.sees("Ben Berg", "Visit of the foundry", "Robots in small series")
    ana.follow("To my calendar")
    whole = Calendar.from_ical(ana.download("Your whole itinerary"))
    assert {str(event["UID"]) for event in invitation.walk("VEVENT")} <= {str(e["UID"]) for e in whole.walk("VEVENT")}
    ana.press("Make a private address")
    address = ana.page.get_by_label("Address of the feed").input_value()
    status, feed = ana.site.fetch(address)
    assert status == 200
    assert len(Calendar.from_ical(feed).walk("VEVENT")) == 7  # four meetings, three sessions
    ana.confirm("Revoke")
    assert ana.site.fetch(address)[0] == 404
    ana.go(f"{EVENT}/me/itinerary")
    ana.follow("Meeting with Ben Berg")
    one = Calendar.from_ical(ana.download("Add to calendar"))
    assert [str(event["UID"]) for event in one.walk("VEVENT")] != []


def _calendar_part(site: Site, to: str, method: str) -> Calendar:
    """Wait for a mail with a calendar part of this method (RFC 6047) and return the part."""

    def part() -> Calendar | None:
        for mail in reversed(site.mails(to)):
            for each in mail.walk():
                if each.get_content_type() == "text/calendar" and each.get_param("method") == method:
                    return Calendar.from_ical(each.get_payload(decode=True))
        return None

    calendar: Calendar = wait_until(part, f"a calendar part {method} to {to}")
    assert calendar["METHOD"] == method
    return calendar


def ana_cancels(ana: Person, ben: Person) -> None:
    ben.go(f"{EVENT}/me/itinerary")
    ben.sees("Meeting with Ana Alvarez", "Your time:")
    ana.fill(reason="My flight is cancelled, sorry.")
    ana.press("Cancel the meeting")
    cancelled = _calendar_part(ana.site, BEN, "CANCEL")
    assert [str(event["STATUS"]) for event in cancelled.walk("VEVENT")] == ["CANCELLED"]
    ben.go(f"{EVENT}/me/availability")
    assert "Ana Alvarez" not in ben.page.locator("table[data-paint]").inner_text()
    ben.go(f"{EVENT}/me/itinerary")
    assert "Meeting with Ana Alvarez" not in ben.page.locator("main").inner_text()


# 9. Afterwards


def both_rate(ana: Person, ben: Person, meeting: str) -> None:
    for person, stars in ((ana, "5"), (ben, "4")):
        person.go(f"/events/yesterday/me/meetings/{meeting}")
        person.choose(took_place="yes", stars=stars, outcome="joint_project")
        person.fill(comment="We apply together.", note="Call on Monday.")
        person.press("Save")
        person.sees("How was it?")


def olga_reads_the_figures(olga: Person) -> None:
    olga.go("/events/yesterday/manage/reports")
    olga.sees("Average rating", "4.5", "Answers by outcome")
    olga.go(f"{EVENT}/manage/reports")
    olga.sees("People by country")


def olga_looks_around(olga: Person) -> None:
    for page in ("", "/settings", "/team", "/invitations", "/profiles", "/meetings/list", "/meetings/requests",
                 "/matching/recommendations", "/mails", "/activity", "/agenda/versions"):  # fmt: skip
        olga.go(f"{EVENT}/manage{page}")
    for page in ("", "/users", "/organisations", "/jobs", "/mails", "/settings"):
        olga.go(f"/admin{page}")
