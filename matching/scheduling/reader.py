"""Reading untrusted JSON values: each mistake is noted with its path and reading goes on. Knows no format."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")
_NAMES: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}
LARGEST_INTEGER = 10**9


class Reader:
    """Collects `mistakes` while values are read; a value that can't be read becomes the default."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def note(self, path: str, text: str) -> None:
        """Remember one mistake."""
        self.mistakes.append(f"{path}: {text}")

    def mapping(
        self, value: object, path: str, known: tuple[str, ...], needed: tuple[str, ...] = ()
    ) -> dict[str, Any] | None:
        """Return `value` when it is an object; unknown and missing keys are mistakes. `path` may be empty at the top."""
        if not isinstance(value, dict):
            self.note(path or "file", "must be an object")
            return None
        before = f"{path}." if path else ""
        for key in value:
            if key not in known:
                self.note(f"{before}{key}", "unknown key")
        for key in needed:
            if key not in value:
                self.note(f"{before}{key}", "is missing")
        return value

    def typed(self, data: Mapping[str, Any], path: str, key: str, kind: type[T], default: T) -> T:
        """Return `data[key]` when it has the type, else note a mistake (unless it is absent) and return the default."""
        if key not in data:
            return default
        return self.value(data[key], f"{path}.{key}" if path else key, kind, default)

    def optional(self, data: Mapping[str, Any], path: str, key: str, kind: type[T]) -> T | None:
        """Like `typed`, where null and absence mean None."""
        if data.get(key) is None:
            return None
        marker: Any = None
        read: T | None = self.typed(data, path, key, kind, marker)
        return read

    def value(self, value: object, path: str, kind: type[T], default: T) -> T:
        """Return `value` when it is of `kind`; whole numbers are good floats, truth values are no numbers."""
        wanted: tuple[type, ...] = (int, float) if kind is float else (kind,)
        if not isinstance(value, wanted) or (isinstance(value, bool) and kind is not bool):
            self.note(path, f"must be {_NAMES[kind]}")
            return default
        if kind is int and isinstance(value, int) and abs(value) > LARGEST_INTEGER:
            self.note(path, f"must be between -{LARGEST_INTEGER} and {LARGEST_INTEGER}")
            return default
        return value  # type: ignore[return-value]  # checked above, an int serves as a float

    def texts(self, data: Mapping[str, Any], path: str, key: str) -> tuple[str, ...]:
        """Return a list of texts; absent means empty."""
        items = self.typed(data, path, key, list, [])
        here = f"{path}.{key}" if path else key
        read = [self.value(item, f"{here}[{number}]", str, "") for number, item in enumerate(items)]
        return tuple(text for text, item in zip(read, items, strict=True) if isinstance(item, str))

    def items(
        self, data: Mapping[str, Any], key: str, read: Callable[[Reader, object, str], T | None]
    ) -> tuple[T | None, ...]:
        """Read each item of a list with `read`; one that can't be read is None, so that positions stay."""
        values = self.typed(data, "", key, list, [])
        return tuple(read(self, value, f"{key}[{number}]") for number, value in enumerate(values))

    def time(self, data: Mapping[str, Any], path: str, key: str) -> datetime | None:
        """Return an ISO 8601 time with offset."""
        text = self.optional(data, path, key, str)
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
            moment.astimezone()
        except (ValueError, OverflowError):
            self.note(f"{path}.{key}", f'"{text}" is not an ISO 8601 time such as "2027-03-02T09:00:00+00:00"')
            return None
        return moment
