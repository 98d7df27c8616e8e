"""What registrations announce. Receivers run in the sender's transaction."""

from blinker import signal

# Called with a participant who may take part from now on.
participant_confirmed = signal("participant-confirmed")

# Called with a participant who was active and no longer is: cancelled, declined or back to the waiting list.
participant_left = signal("participant-left")

# Called with a participant; each receiver returns a list of Fact (see facts.py) about this participant,
# so that pages of this floor can show what floors above know, such as how complete the profile is.
facts_asked = signal("participant-facts-asked")
