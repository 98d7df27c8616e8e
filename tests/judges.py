"""Programs other than ours that judge calendar files: vobject always, libical where it is installed."""

import ctypes
import ctypes.util

import pytest
import vobject


def properties(data: bytes) -> list[str]:
    """The unfolded lines of a calendar."""
    return data.decode().replace("\r\n ", "").split("\r\n")


def events(data: bytes):
    """The entries of a calendar that vobject finds right."""
    calendar = vobject.readOne(data.decode())
    calendar.validate(raiseException=True)
    return calendar.contents.get("vevent", [])


def complaints(data: bytes) -> list[str]:
    """What libical, which knows the tables of RFC 5546, finds wrong."""
    library = _libical()
    component = library.icalparser_parse_string(data)
    library.icalrestriction_check(component)
    printed = library.icalcomponent_as_ical_string(component).decode().replace("\r\n ", "")
    return [line for line in printed.split("\r\n") if line.startswith("X-LIC-ERROR")]


def _libical():
    name = ctypes.util.find_library("ical") or "libical.so.3"
    try:
        library = ctypes.CDLL(name)
    except OSError:
        pytest.skip("libical is not installed")
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalrestriction_check.argtypes = [ctypes.c_void_p]
    library.icalcomponent_as_ical_string.argtypes = [ctypes.c_void_p]
    library.icalcomponent_as_ical_string.restype = ctypes.c_char_p
    return library
