"""What registrations announce, inside the sender's transaction. The sender is the participant."""

from blinker import Signal

participant_left = Signal("a participant cancelled or was declined")
participant_confirmed = Signal("a participant may take part from now on")
