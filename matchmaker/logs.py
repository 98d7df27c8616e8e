"""Log lines: plain text or one JSON object a line. Never tokens, passwords, addresses or texts of mails."""

import json
import logging
from datetime import UTC, datetime

_FIELDS = ("request_id", "milliseconds", "user_id", "event_id")


class JsonFormatter(logging.Formatter):
    """One JSON object a line, times in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{name: getattr(record, name) for name in _FIELDS if hasattr(record, name)},
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up(form: str) -> None:
    """Send the log of the application to standard error; called once per process."""
    logger = logging.getLogger("matchmaker")
    if logger.handlers:
        return
    handler = logging.StreamHandler()
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonFormatter() if form == "json" else plain)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = True
