"""Passwords: how they are kept (Argon2id) and which ones are refused (NIST SP 800-63B-4, 3.1.1.2).

Length is what counts: no rules about digits or signs, no expiry. Refused is what attackers try first: well-known
passwords, the person's own address, the name of the site.
"""

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from matchmaker.accounts.addresses import read_list

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 8, 128
SHORTEST_WORD = 4  # shorter parts of an address are in too many passwords by chance


def hash_password(password: str) -> str:
    """Return what is stored instead of a password; takes about 30 ms, so call it outside of ``transaction()``."""
    return _hasher().hash(_normal(password))


def password_matches(stored: str, password: str) -> bool:
    """Whether ``password`` is the one that was hashed. Takes as long where nothing is stored (unknown account)."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(stored or _nobodys_hash(), _normal(password)) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether ``stored`` was made with other parameters than today's."""
    return _hasher().check_needs_rehash(stored)


def weakness(password: str, *words: str) -> str:
    """Return why a password is refused, or nothing. ``words``: what an attacker would guess, such as the address."""
    folded = _normal(password).casefold()
    if len(folded) < SHORTEST:
        return str(_("Use at least %(n)s characters. A few words in a row are easy to remember.", n=SHORTEST))
    if len(password) > LONGEST:
        return str(_("Use at most %(n)s characters.", n=LONGEST))
    if folded in common_passwords() or len(set(folded)) < SHORTEST_WORD:
        return str(_("This password is one of those that are tried first. Choose another one."))
    if any(len(word) >= SHORTEST_WORD and word.casefold() in folded for word in words):
        return str(_("The password must not contain your address or the name of this site."))
    return ""


def guessable_words(email: str) -> tuple[str, ...]:
    """Return what a password of this person must not contain: name and domain of the address, name of the site."""
    name, _at, domain = email.partition("@")
    return name, domain.partition(".")[0], "matchmaker"


@cache
def common_passwords() -> frozenset[str]:
    """Return well-known passwords of eight and more characters (data file beside this module)."""
    return read_list(Path(__file__).resolve().parent / "common_passwords.txt")


@cache
def _hasher() -> "PasswordHasher":
    """OWASP password storage cheat sheet: the second of its equivalent choices for Argon2id; about 30 ms."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


@cache
def _nobodys_hash() -> str:
    return _hasher().hash("nobody's password")


def _normal(password: str) -> str:
    """One form for each character, however a keyboard composes it."""
    return unicodedata.normalize("NFKC", password)
