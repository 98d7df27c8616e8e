"""Names for the ids of the library: ``p7`` is Ana Alvarez, ``s12`` a moment on the clock of the event."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.meetings.models import MeetingRequest
from matchmaker.registrations.models import Participant
from matchmaker.scheduling.queries import Situation
from matchmaker.scheduling.rows import row_id
from matchmaker.web.times import local_datetime

MOST = 5


def named(person: Participant) -> str:
    """Return the name of a person and of the organisation."""
    return ", ".join(filter(None, (person.display_name, person.organisation.name if person.organisation else "")))


def matches(text: str, name: str) -> bool:
    """Whether every word of ``text`` is part of a name."""
    return all(part in name.casefold() for part in text.casefold().split())


class Names:
    """Puts names to ids; ``gone`` are requests that the situation no longer has."""

    def __init__(self, situation: Situation, gone: Iterable[MeetingRequest] = ()) -> None:
        self._people = dict(situation.participants)
        for request in gone:
            self._people |= {request.sender_id: request.sender, request.receiver_id: request.receiver}
        self._requests = {request.id: request for request in (*gone, *situation.requests)}
        self._slots = {slot.id: slot for slot in situation.slots}
        self._places = {place.id: place for place in situation.places}
        self._zone = situation.event.timezone

    def of(self, library_id: str) -> str:
        """Return the name of what a library id stands for; the id itself when it is gone."""
        kind, row = library_id[0], row_id(library_id)
        if kind == "p" and row in self._people:
            return self._people[row].display_name
        if kind == "s" and row in self._slots:
            return local_datetime(self._slots[row].starts_at, self._zone)
        if kind == "t" and row in self._places:
            return self._places[row].name
        if kind == "r":
            return " – ".join(person.display_name for person in self.pair(row)) or _("a withdrawn request")
        return library_id

    def pair(self, request_id: int) -> tuple[Participant, ...]:
        """Return the two people of a request; nobody when it is unknown."""
        request = self._requests.get(request_id)
        return (self._people[request.sender_id], self._people[request.receiver_id]) if request else ()

    def all_of(self, library_ids: Iterable[str]) -> str:
        """Return names joined in a sentence: ``Ana, Ben and Carl``."""
        names = [self.of(each) for each in library_ids]
        if len(names) < 2:
            return "".join(names)
        return _("%(names)s and %(last)s", names=", ".join(names[:-1]), last=names[-1])

    def some_of(self, library_ids: Sequence[str]) -> str:
        """Return the first names and how many more there are."""
        named = ", ".join(self.of(each) for each in library_ids[:MOST])
        rest = len(library_ids) - MOST
        return named + (" " + ngettext("and %(num)s more", "and %(num)s more", rest) if rest > 0 else "")
