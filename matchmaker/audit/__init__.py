"""The audit trail: who changed what, when. Entries are only ever added, in the transaction of the change itself."""

from matchmaker.audit.models import AuditEntry
from matchmaker.audit.queries import entries_of
from matchmaker.audit.services import record

__all__ = ["AuditEntry", "entries_of", "record"]
