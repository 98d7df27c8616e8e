"""The published brokerage events: our optimum is the published one. Data stay outside; see B2B_DATA."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from matching.scheduling import Problem, solve, violations

FOLDER = os.environ.get("B2B_DATA")
QUICK = (
    *("tic-12.original", "tic-12.forb0003", "tic-13.forb0003", "tic-13.original", "tic-14crafa.original"),
    *("forumt-14.original", "forumt-14crafe.original", "forumt-14.fixed020-Forb", "forum-13crafb.prec15"),
)

pytestmark = pytest.mark.skipif(not FOLDER, reason="B2B_DATA names no folder with the published events")


@pytest.mark.parametrize("name", QUICK)
def test_the_published_optimum_is_found_and_proven(name):
    known = json.loads((Path(FOLDER) / "known.json").read_text())[name]
    problem = Problem.from_dict(json.loads((Path(FOLDER) / f"{name}.json").read_text()))

    solution = solve(problem, seconds=120, workers=1)

    if known == "infeasible":
        assert (solution.status, bool(solution.conflict)) == ("infeasible", True)
    else:
        assert (solution.status, solution.value["breaks"]) == ("optimal", known)
        assert violations(problem, solution) == []
