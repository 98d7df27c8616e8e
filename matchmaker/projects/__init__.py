"""Cooperation projects with their partners and semesters. Their pages show events, so they live in ``events``."""

from flask import Flask


def init_app(_app: Flask) -> None:
    """Nothing to register: this floor has tables and queries only."""
