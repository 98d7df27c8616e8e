"""Who may use which blueprint. Every blueprint declares it once; a test asks every route with every kind of user."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue


class Access(StrEnum):
    """The kinds of access rule; each blueprint has exactly one."""

    PUBLIC = "public"  # anybody
    SIGNED_IN = "signed in"  # anybody with an account
    EVENT = "event"  # anybody who may see the event: public ones anybody, closed ones participants and organisers
    PARTICIPANT = "participant"  # a confirmed participant of the event in the address
    ORGANISER = "organiser"  # an organiser of the event in the address, or an administrator
    ADMINISTRATOR = "administrator"
    TOKEN = "token"  # whoever knows the secret in the address  # noqa: S105


ACCESS: dict[str, Access] = {}


def guard(blueprint: Blueprint, access: Access, *checks: Callable[[], Any]) -> None:
    """Declare the access rule of a blueprint and the functions that enforce it before each request."""
    ACCESS[blueprint.name] = access
    for check in checks:
        blueprint.before_request(check)


def guard_view(blueprint: Blueprint, view: str, access: Access, *checks: Callable[[], Any]) -> None:
    """Declare a stricter rule for one view of a guarded blueprint; ``ACCESS`` has it under the name of the endpoint."""
    endpoint = f"{blueprint.name}.{view}"
    ACCESS[endpoint] = access

    def check_view() -> ResponseReturnValue | None:
        if request.endpoint != endpoint:
            return None
        return next((answer for answer in (check() for check in checks) if answer is not None), None)

    blueprint.before_request(check_view)
