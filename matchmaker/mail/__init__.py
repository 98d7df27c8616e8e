"""Mail: every message is stored first, then delivered by a job, with status and retry.

``queue_mail`` stores a message in the present transaction; ``deliver`` sends it by SMTP, into the outbox folder, or
into memory, as the setting ``mail`` says. A mail server that is down delays mails and nothing else.
"""

from matchmaker.mail.delivery import MEMORY, deliver, retry
from matchmaker.mail.models import Message, MessageState
from matchmaker.mail.outbox import Mail, queue_mail, render_mail, sender_address

__all__ = [
    "MEMORY",
    "Mail",
    "Message",
    "MessageState",
    "deliver",
    "queue_mail",
    "render_mail",
    "retry",
    "sender_address",
]
