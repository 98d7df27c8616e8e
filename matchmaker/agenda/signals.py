"""What the agenda announces; receivers work in the sender's transaction and may refuse by raising a DomainError."""

from blinker import Signal

sign_up_changed = Signal()  # sender: SessionSignUp; signed_up: bool
session_changed = Signal()  # sender: AgendaSession; removed: bool
