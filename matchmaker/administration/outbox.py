"""Reading the mails that a demo keeps as .eml files in ``instance/outbox``. Nothing is written."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

# What a mail may show. No pictures (they would report who reads), no style (kept apart by the page that shows it).
TAGS = {"a", "b", "blockquote", "br", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "hr", "i", "li", "ol", "p", "pre",
        "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"}  # fmt: skip


class Envelope(NamedTuple):
    """The head of one mail; ``number`` names its file."""

    number: int
    to: str
    subject: str
    sent_at: datetime | None


class Letter(NamedTuple):
    """One mail taken apart: its headers, texts and calendar entry."""

    envelope: Envelope
    headers: list[tuple[str, str]]
    text: str
    html: str
    calendar: bytes
    method: str


def numbers(folder: Path) -> list[int]:
    """Return the numbers of the mails in the folder, newest first."""
    names = (path.stem for path in folder.glob("*.eml")) if folder.is_dir() else iter(())
    return sorted((int(name) for name in names if name.isdecimal()), reverse=True)


def envelope(folder: Path, number: int) -> Envelope:
    """Return the head of one mail, without reading its body."""
    return _envelope(number, _read(_path(folder, number), only_headers=True))


def letter(folder: Path, number: int) -> Letter | None:
    """Return one mail, or nothing if there is none of that number."""
    path = _path(folder, number)
    if not path.is_file():
        return None
    message = _read(path)
    calendar = next((part for part in message.walk() if part.get_content_type() == "text/calendar"), None)
    content = calendar.get_payload(decode=True) if calendar else b""
    return Letter(
        envelope=_envelope(number, message),
        headers=[(name, str(value)) for name, value in message.items()],
        text=_body(message, "plain"),
        html=sanitised(_body(message, "html")),
        calendar=content if isinstance(content, bytes) else b"",
        method=str(calendar.get_param("method", "")) if calendar else "",
    )


def sanitised(html: str) -> str:
    """Return HTML that only shows text and links; links open in the whole window."""
    import nh3

    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags={"script", "style", "title"},
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        set_tag_attribute_values={"a": {"target": "_top"}},
    )


def calendar_facts(calendar: bytes) -> list[tuple[str, str]]:
    """Return what the first entry of an iCalendar text says, as (name, value), to be shown."""
    lines = calendar.decode("utf-8", "replace").replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "").split("\n")
    try:
        entry = lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")]
    except ValueError:
        return []
    wanted = ("SUMMARY", "DTSTART", "DTEND", "LOCATION", "STATUS", "SEQUENCE", "UID")
    pairs = [line.partition(":") for line in entry]
    found = {name.partition(";")[0]: (name, value) for name, _colon, value in pairs}
    return [(name, _zoned(*found[name])) for name in wanted if name in found]


def _zoned(name: str, value: str) -> str:
    _key, _sign, zone = name.partition("TZID=")
    text = value.replace("\\,", ",").replace("\\;", ";").replace("\\n", " ")
    return f"{text} ({zone})" if zone else text


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number:08d}.eml"


def _read(path: Path, *, only_headers: bool = False) -> EmailMessage:
    from email.parser import BytesParser
    from email.policy import default

    with path.open("rb") as file:
        return BytesParser(policy=default).parse(file, headersonly=only_headers)


def _envelope(number: int, message: EmailMessage) -> Envelope:
    try:
        sent_at = parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        sent_at = None
    return Envelope(number, str(message["To"] or ""), str(message["Subject"] or ""), sent_at)


def _body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if part else ""
