"""How much memory a process holds while something runs."""

import sys

import pytest

from matchmaker.jobs import Memory, memory


def test_what_is_held_for_a_moment_counts():
    with Memory() as measured:
        block = bytearray(200 * 1024 * 1024)
        block[::4096] = b"x" * len(block[::4096])  # touched, so that it is really there
        del block

    assert measured.peak >= measured.before + 150


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forgets the peak")
def test_what_was_held_before_does_not_count():
    block = bytearray(200 * 1024 * 1024)
    block[::4096] = b"x" * len(block[::4096])
    full = Memory().__enter__().before
    del block

    with Memory() as measured:
        assert measured.peak < full - 100


def test_a_system_that_does_not_tell_gives_the_peak_since_the_start(monkeypatch, tmp_path):
    monkeypatch.setattr(memory, "_STATUS", tmp_path / "none")
    monkeypatch.setattr(memory, "_RESET", tmp_path / "none" / "none")

    with Memory() as measured:
        assert 0 < measured.before <= measured.peak
