"""Speed and memory of ranking without encoding, of encoding, of reruns and of single changes, each next to a baseline.

Profiles say random words, frequent and rare ones as in real texts, and have random vectors of the model's width: two
needs, two offers and a description each. Every size is measured in a process of its own, so that its peak of memory is
its own; the baseline is the same formula with everybody's scores in one matrix. SPEED_SIZES (numbers with commas between)
changes the sizes of the growth, SPEED_FILES names a folder for `growth.csv` and `growth.svg`.
"""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from matching import CachedEmbedder, Index, Policy, recommend
from matching.candidates import Candidates
from matching.population import Population
from matching.recommending import arranged, depth_of, pairs_of, rank
from tests.benchmarks.bench_ranking import PLACES, RandomEmbedder, synthetic_profiles
from tests.matching.support import DictCache, development_set, real_model

Row = dict[str, Any]
T = TypeVar("T")

SIZES = (1_000, 3_000, 10_000, 30_000, 50_000)
WHOLE_MATRIX_UP_TO = 10_000  # the baseline's matrix takes 0.4 GB there, and more while it is computed
EVENT = 2_000
CROWD = 10_000
CHANGES = 5
WIDE = 60  # signs of the longest bar


def run() -> Iterator[Row]:
    """Return all rows: growth with its plot, single changes, reruns, encoding."""
    sizes = tuple(int(size) for size in os.environ.get("SPEED_SIZES", "").split(",") if size) or SIZES
    grown = [_apart("ours", size) for size in sizes]
    yield from grown
    yield from (_apart("whole matrix", size) for size in sizes if size <= WHOLE_MATRIX_UP_TO)
    print(plot(grown))
    if folder := os.environ.get("SPEED_FILES"):
        write(grown, Path(folder))
    yield from single_changes()
    yield from reruns()
    yield from encoding()


def ours(size: int) -> Row:
    """Rank everybody: top 20, both directions, all rules, correction and guarantee."""
    profiles = synthetic_profiles(size)
    population, preparing = _timed(lambda: Population.build(profiles, RandomEmbedder()))
    ranking, ranking_time = _timed(lambda: rank(population, "random", Policy(top=PLACES)))
    assert ranking.fairness.isolated == 0
    return {"preparing s": preparing[0], "ranking s": ranking_time[0], "processor s": preparing[1] + ranking_time[1]}


def whole_matrix(size: int) -> Row:
    """Rank everybody by the same formula with all scores in one matrix, every row sorted."""
    profiles, policy = synthetic_profiles(size), Policy(top=PLACES)
    population, preparing = _timed(lambda: Population.build(profiles, RandomEmbedder()))

    def all_at_once() -> None:
        pairs, blocks = pairs_of(population, "random", policy), range(len(population.blocks))
        scores = np.block([[pairs.tile(i, j) for j in blocks] for i in blocks])
        order = np.argsort(-scores, axis=1)[:, : depth_of(population, policy)].astype(np.int32)
        arranged(population, Candidates.of(order, np.take_along_axis(scores, order, axis=1)), policy)

    _, ranking = _timed(all_at_once)
    return {"preparing s": preparing[0], "ranking s": ranking[0], "processor s": preparing[1] + ranking[1]}


def single_changes() -> Iterator[Row]:
    """Change one profile among many, without encoding, next to a full run."""
    people, others, embedder = synthetic_profiles(CROWD), synthetic_profiles(CROWD + 1), RandomEmbedder()
    index, full = _timed(lambda: Index.build(people, embedder, Policy(top=PLACES)))
    seconds, processor, changed = [], [], []
    for new, old in zip(others[:CHANGES], people[:: CROWD // CHANGES], strict=True):
        profile = replace(new, id=old.id, organisation=old.organisation)
        update, taken = _timed(lambda changed=profile, known=index: known.update([changed], [], embedder))
        index = update.index
        seconds.append(taken[0])
        processor.append(taken[1])
        changed.append(len(update.changed))
    yield {
        "one change among": CROWD,
        "median s": float(np.median(seconds)),
        "processor s": float(np.median(processor)),
        "goal s": 1.0,
        "lists changed": int(np.median(changed)),
        "full run s": full[0],
    }


def reruns() -> Iterator[Row]:
    """Rank an unchanged event again with all vectors cached, next to the first time."""
    people, cache = synthetic_profiles(EVENT), DictCache()
    embedder = CachedEmbedder(RandomEmbedder(), cache)
    _, first = _timed(lambda: recommend(people, embedder, Policy(top=PLACES)))
    _, again = _timed(lambda: recommend(people, embedder, Policy(top=PLACES)))
    index = Index.build(people, embedder, Policy(top=PLACES))
    _, kept = _timed(lambda: index.update(people, [], embedder))
    yield {
        "rerun of an unchanged event of": EVENT,
        "seconds": again[0],
        "processor s": again[1],
        "goal s": 2.0,
        "first time s": first[0],
        "kept index s": kept[0],
    }


def encoding() -> Iterator[Row]:
    """Encode sentences, next to the plain call of the library."""
    texts = [text for p in development_set().profiles for text in (*p.offers, *p.needs, p.description) if text]
    model = real_model()
    plain = model.load()
    calls: dict[str, Callable[[], Any]] = {
        "ours": lambda: model.encode(texts),
        "SentenceTransformer.encode": lambda: plain.encode(texts),
    }
    plain.encode(texts)  # the first call is slower, whoever makes it
    seconds = [[_timed(call)[1][0] for call in calls.values()] for _ in range(3)]
    for name, best in zip(calls, map(min, zip(*seconds, strict=True)), strict=True):
        yield {"encoding": name, "texts": len(texts), "texts per second": round(len(texts) / best, 1)}


def plot(rows: Sequence[Row]) -> str:
    """Draw seconds of ranking by size: one bar each, and what they would be if time grew with the square."""
    most = max((row["ranking s"] for row in rows), default=0) or 1
    first = rows[0]
    lines = []
    for row in rows:
        square = first["ranking s"] * (row["participants"] / first["participants"]) ** 2
        bar = "#" * max(round(WIDE * row["ranking s"] / most), 1)
        lines.append(f"{row['participants']:>7} {bar} {row['ranking s']:.1f} s ({square:.1f} s by the square)")
    return "\n".join(["ranking, seconds", *lines]) + "\n"


def write(rows: Sequence[Row], folder: Path) -> None:
    """Write the growth as a table and as a picture with logarithmic axes."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "growth.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (folder / "growth.svg").write_text(picture(rows), "utf-8")


def picture(rows: Sequence[Row]) -> str:
    """Return the seconds of ranking by size as SVG."""
    across = np.log10([row["participants"] for row in rows])
    up = np.log10([max(row["ranking s"], 0.01) for row in rows])
    x = 60 + 500 * (across - across.min()) / max(np.ptp(across), 1)
    y = 320 - 280 * (up - up.min()) / max(np.ptp(up), 1)
    points = " ".join(f"{a:.0f},{b:.0f}" for a, b in zip(x, y, strict=True))
    labels = "".join(
        f'<circle cx="{a:.0f}" cy="{b:.0f}" r="4"/>'
        f'<text x="{a:.0f}" y="345" text-anchor="middle">{row["participants"]:,}</text>'
        f'<text x="{a - 8:.0f}" y="{b - 8:.0f}" text-anchor="end">{row["ranking s"]:.1f} s</text>'
        for a, b, row in zip(x, y, rows, strict=True)
    )
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" font-family="sans-serif" font-size="13">'
    line = f'<polyline points="{points}" fill="none" stroke="currentColor"/>'
    return f"{head}<title>Seconds of ranking by participants</title>{line}{labels}</svg>\n"


def _apart(method: str, size: int) -> Row:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_matching_speed", method, str(size)]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    names = ("preparing s", "ranking s", "processor s", "peak MB")
    return {"method": method, "participants": size, **{n: float(v) for n, v in zip(names, found, strict=True)}}


def _timed(call: Callable[[], T]) -> tuple[T, tuple[float, float]]:
    """Return what a call gives, and its seconds: by the clock, and of the processor."""
    started, busy = time.perf_counter(), time.process_time()
    found = call()
    return found, (round(time.perf_counter() - started, 3), round(time.process_time() - busy, 3))


METHODS = {"ours": ours, "whole matrix": whole_matrix}

if __name__ == "__main__":
    measured = METHODS[sys.argv[1]](int(sys.argv[2]))
    print(*measured.values(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
