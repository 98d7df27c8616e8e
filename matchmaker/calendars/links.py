"""Addresses that hand an entry or a feed to the calendars of Google and Microsoft, and the picture of one."""

from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from matchmaker.ics import CalendarEntry, one_line, several_lines

GOOGLE = "https://calendar.google.com/calendar/"
OUTLOOK = "https://outlook.live.com/calendar/0/"
OFFICE = "https://outlook.office.com/calendar/0/"


def google_entry(entry: CalendarEntry) -> str:
    """Return the page of Google Calendar that proposes this entry."""
    dates = f"{_stamp(entry.starts_at)}/{_stamp(entry.ends_at)}"
    fields = {
        "action": "TEMPLATE", "text": one_line(entry.title), "dates": dates,
        "details": several_lines(entry.description), "location": one_line(entry.location),
    }  # fmt: skip
    return f"{GOOGLE}render?{urlencode(fields)}"


def outlook_entry(entry: CalendarEntry, base: str = OUTLOOK) -> str:
    """Return the page of Outlook that proposes this entry; ``base`` is ``OUTLOOK`` (private) or ``OFFICE`` (at work)."""
    fields = {
        "path": "/calendar/action/compose", "rru": "addevent", "subject": one_line(entry.title),
        "startdt": _iso(entry.starts_at), "enddt": _iso(entry.ends_at),
        "body": several_lines(entry.description), "location": one_line(entry.location),
    }  # fmt: skip
    return f"{base}deeplink/compose?{urlencode(fields)}"


def webcal(url: str) -> str:
    """Return the address of a feed in the form that calendar programs open themselves."""
    return url.replace(urlsplit(url).scheme, "webcal", 1)


def google_feed(url: str) -> str:
    """Return the page of Google Calendar that subscribes to a feed."""
    return f"{GOOGLE}r?{urlencode({'cid': webcal(url)})}"


def outlook_feed(url: str, name: str, base: str = OUTLOOK) -> str:
    """Return the page of Outlook that subscribes to a feed."""
    return f"{base}addfromweb?{urlencode({'url': url, 'name': one_line(name)})}"


def qr_code(text: str) -> str:
    """Return ``text`` as a QR code: an SVG element, black on white whatever the colours of the page."""
    import segno

    svg: str = segno.make(text, error="m", micro=False).svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return svg


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
