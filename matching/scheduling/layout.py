"""How the numbers of the compiled search are laid out, its bits and its chance, and how it is compiled. No moves."""
# mypy: disable-error-code="untyped-decorator,no-any-return,call-arg"

from __future__ import annotations

from collections import namedtuple
from typing import Any

from numba import njit

# Figures kept up to date: rules missed, weight left out, unfairness, breaks, waiting, changes, squared and total minutes;
# behind them, how many have at most 0, 1, 2 ... meetings though they could have more.
FIGURES = 8
MISSED, LEFT, UNFAIR, BREAKS, WAITING, CHANGES, HOURS, MINUTES = range(FIGURES)
NONE = -1
# Slots per whole number where a bit says yes or no (half of what a number holds: counting ones stays short), and as a shift.
WORD, SHIFT = 32, 5

# One block of whole numbers `d` and where each table begins in it, `o`: passing forty arrays costs more than the moves.
TABLES: str = (
    "one other both weight required fixed before after_at later_at at allowed table "  # per wish
    "owned_at limit count breaks waiting minutes marked touched hours seat unfair busy "  # per participant
    "capacity load histogram owned after later log old path pushed figures size difference chance"
)
Offsets = namedtuple("Offsets", f"wishes people slots words depth precedence late {TABLES}")  # type: ignore[misc]  # noqa: PYI024 - the compiler's kind


def compiled(function: Any) -> Any:
    """Compile as part of what calls it."""
    return njit(nogil=True)(function)


def inlined(function: Any) -> Any:
    """Compile as part of what calls it, without a call: for what is called a hundred million times."""
    return njit(nogil=True, inline="always")(function)


def entry(function: Any) -> Any:
    """Compile when first called, and keep the result on disk where a folder can be written."""
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder for it, as in a read-only container: compile in every process
        return njit(nogil=True)(function)


@inlined
def ones(word: Any) -> Any:
    """The number of bits that are 1."""
    word -= (word >> 1) & 0x55555555
    word = (word & 0x33333333) + ((word >> 2) & 0x33333333)
    word = (word + (word >> 4)) & 0x0F0F0F0F
    word += word >> 8
    return (word + (word >> 16)) & 0x3F


@inlined
def up_to(word: Any) -> Any:
    """The number of the highest bit that is 1, counted from 1."""
    word |= word >> 1
    word |= word >> 2
    word |= word >> 4
    word |= word >> 8
    return ones(word | (word >> 16))


@inlined
def bit(d: Any, o: Any, table: Any, row: Any, slot: Any) -> Any:
    """What a table of bits says about a slot."""
    return (d[table + row * o.words + (slot >> SHIFT)] >> (slot & (WORD - 1))) & 1


@inlined
def toggle(d: Any, o: Any, table: Any, row: Any, slot: Any) -> Any:
    """Turn what a table of bits says about a slot into its contrary."""
    d[table + row * o.words + (slot >> SHIFT)] ^= 1 << (slot & (WORD - 1))


@inlined
def idle(d: Any, o: Any, person: Any, here: Any, there: Any) -> Any:
    """The breaks and the waiting of a participant who is busy in `here` and `there` if not so now, and else not.

    As it stands when both are the same.
    """
    runs = 0
    meetings = 0
    first = NONE
    last = NONE
    carry = 0
    for index in range(o.words):
        word = d[o.busy + person * o.words + index]
        if here >> SHIFT == index:
            word ^= 1 << (here & (WORD - 1))
        if there >> SHIFT == index:
            word ^= 1 << (there & (WORD - 1))
        if word != 0:
            if first == NONE:
                first = index * WORD + up_to(word & -word) - 1
            last = index * WORD + up_to(word) - 1
            runs += ones(word & ~((word << 1) | carry))
            meetings += ones(word)
        carry = word >> (WORD - 1)
    breaks = max(0, runs - 1)
    waiting = 0 if meetings == 0 else last - first + 1 - meetings
    return breaks, waiting


@inlined
def pick(d: Any, o: Any, number: Any) -> Any:
    """A random whole number below `number` (Marsaglia 2003, xorshift: a third of the time of the compiler's own)."""
    word = d[o.chance]
    word ^= word << 13
    word ^= (word >> 7) & 0x01FFFFFFFFFFFFFF
    word ^= word << 17
    d[o.chance] = word
    return ((word & 0xFFFFFFFF) * number) >> 32


@inlined
def share(d: Any, o: Any) -> Any:
    """A random number from 0 to 1, both left out."""
    return (pick(d, o, 0x7FFFFFFF) + 0.5) / 0x7FFFFFFF
