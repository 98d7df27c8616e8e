"""What accounts announce to the floors above. Receivers run in the sender's transaction."""

from blinker import Signal

personal_data_asked = Signal("personal data asked: receivers(user) return {heading: rows} for the person's own export")
account_erased = Signal("account erased: receivers(user) remove what else is personal; sent before the row is blanked")
