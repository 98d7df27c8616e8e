"""What profiles announce. Receivers run in the sender's transaction."""

from blinker import signal

# Called with a participant whose profile was saved with a change that matters for matching.
profile_changed = signal("profile-changed")

# Called with a participant; receivers return what is known about the lines of the stored profile: a list of
# {"part", "text", ...} that the template ``recommendations/_hints.html`` puts into words. Matching lies above profiles.
hints_asked = signal("profile-hints-asked")
