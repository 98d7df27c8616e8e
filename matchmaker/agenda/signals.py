"""What the agenda announces. Receivers run in the sender's transaction; a DomainError of theirs refuses the change."""

from blinker import signal

# sign_up_changed.send(agenda_session, participant=participant): signed up or left; the sign-up is stored or gone already.
sign_up_changed = signal("session-sign-up-changed")

# session_changed.send(agenda_session): its time changed; or it is about to be removed, once its sign-ups are gone.
session_changed = signal("session-changed")
