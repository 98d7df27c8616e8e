"""What organisers type, for tests."""

from typing import Any

FORM: dict[str, Any] = {
    "name": "Peer review in Murcia", "slug": "", "starts_on": "2027-03-16", "starts_time": "09:00", "ends_on": "2027-03-17",
    "ends_time": "17:00", "timezone": "Europe/Madrid", "mode": "on_site", "venue": "Sala Segura", "visibility": "closed",
    "registration": "invitation", "semester": "", "host": "", "ordinal": "",
}  # fmt: skip
