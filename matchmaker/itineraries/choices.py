"""The filter of the itinerary pages and files, as the address has it."""

from flask import request

from matchmaker.itineraries import queries
from matchmaker.itineraries.queries import Entry
from matchmaker.registrations.models import Participant


def chosen_entries(participant: Participant) -> list[Entry]:
    """Return the itinerary as the address asks for it: ``?open=hide`` leaves out what is open to everybody."""
    entries = queries.itinerary_of(participant)
    return queries.without_open(entries) if request.args.get("open") == "hide" else entries
