"""The catalogue of every sentence that a user can read, for translators. English is the language of the sources."""

from collections.abc import Iterator
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from matchmaker.settings import ROOT
from matchmaker.vocabulary import FOLDER, terms

FILE = ROOT / "matchmaker" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true"}, "**.txt": {"trimmed": "true"}}
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}


def extract() -> Catalog:
    """Return the catalogue of the sources, templates and vocabularies as they are now."""
    catalogue = Catalog(locale="en", project="Matchmaker", fuzzy=False)
    for name, message in _messages():
        catalogue.add(message, locations=[(name, 0)])
    return catalogue


def stored() -> Catalog:
    """Return the catalogue as committed."""
    return read_po(BytesIO(FILE.read_bytes()))


def write() -> int:
    """Write the catalogue anew; return the number of messages."""
    catalogue = extract()
    FILE.parent.mkdir(parents=True, exist_ok=True)
    with FILE.open("wb") as file:
        write_po(file, catalogue, sort_output=True, omit_header=True, include_lineno=False, width=120)
    return len(catalogue)


def _messages() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for folder in ("matchmaker", "templates"):
        found = extract_from_dir(ROOT / folder, METHODS, OPTIONS, KEYWORDS, directory_filter=lambda _name: True)
        for name, _line, message, _comments, _context in found:
            yield f"{folder}/{name}", message
    for file in sorted(FOLDER.glob("*.json")):
        for term in terms(file.stem).values():
            yield f"matchmaker/vocabulary/{file.name}", term["name"]
