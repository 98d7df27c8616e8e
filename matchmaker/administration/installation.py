"""The settings of the installation as administrators may read them: secrets hidden. Nothing is changed here."""

import dataclasses
import re
from typing import NamedTuple

from matchmaker.settings import PREFIX, Settings

SECRETS = ("secret_key", "smtp_password")
_PASSWORD_IN_ADDRESS = re.compile(r"(?<=://)([^/@:]*):[^/@]*(?=@)")


class Shown(NamedTuple):
    """One setting: environment variable, value without secrets, what it is for, and whether it is the default."""

    variable: str
    value: str
    sentence: str
    is_default: bool


def shown_settings(settings: Settings) -> list[Shown]:
    """Return every setting in the order of the file."""
    return [
        Shown(
            variable=PREFIX + field.name.upper(),
            value=_without_secrets(field.name, str(getattr(settings, field.name))),
            sentence=field.metadata["sentence"],
            is_default=getattr(settings, field.name) == field.default,
        )
        for field in dataclasses.fields(settings)
    ]


def _without_secrets(name: str, value: str) -> str:
    if name in SECRETS:
        return "•••••" if value else ""
    return _PASSWORD_IN_ADDRESS.sub(r"\1:•••••", value)
