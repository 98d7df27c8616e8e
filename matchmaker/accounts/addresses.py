"""Mail addresses: one spelling for each, and what their domain tells about the organisation behind them."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def fold_email(address: str) -> str:
    """Return an address as it is stored and compared: trimmed and in lower case."""
    return address.strip().lower()


def is_address(text: str) -> bool:
    """Tell whether a text is a mail address that could exist (RFC 5322, as email-validator reads it); nobody is asked."""
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


@cache
def mail_providers() -> frozenset[str]:
    """Return the domains of common mail providers, whose customers have nothing in common (data file beside this module)."""
    return read_list(FOLDER / "mail_providers.txt")


def organisation_domain(address: str) -> str:
    """Return the domain of an address if it may belong to an organisation; empty for providers everybody uses."""
    domain = fold_email(address).rpartition("@")[2]
    return "" if domain in mail_providers() else domain


def domain_and_parents(domain: str) -> list[str]:
    """``lab.uni.example`` -> ``[lab.uni.example, uni.example]``: whose members may work in the same place."""
    labels = domain.split(".") if domain else []
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def read_list(path: Path) -> frozenset[str]:
    """Read a data file of one entry a line; lines that start with ``#`` are comments."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return frozenset(line.lower() for line in lines if line and not line.startswith("#"))
