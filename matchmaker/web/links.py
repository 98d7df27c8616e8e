"""Addresses for mails and files: complete, built from the setting ``base_url``, never from the Host header."""

from typing import Any

from flask import current_app


def absolute_url(endpoint: str, **values: Any) -> str:
    """Return the complete address of ``endpoint``; works in background jobs too, where there is no request."""
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    base: str = current_app.config["SETTINGS"].base_url
    return base.rstrip("/") + path
