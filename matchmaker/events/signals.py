"""What events announce. Receivers run in the sender's transaction; a DomainError of theirs refuses the change."""

from blinker import signal

# Called with the event, ``changes`` (field -> (before, after)) and ``kept`` ("wall_clock" or "moment").
# Sent when dates, zone, mode, venue, capacity or publication of an event changed, after the event got its new values.
# ``kept`` matters only when ``timezone`` is among the changes: with "wall_clock" whatever belongs to the event is to
# keep its local time (10:00 stays 10:00), with "moment" nothing moves.
event_changed = signal("event-changed")

# Called with a user; each receiver returns the ids of events that this user may see although they are
# closed: registered for, or invited to. The list of events and the programme ask, which lie below registrations.
closed_events_asked = signal("closed-events-asked")
