"""The commands rank and score. Reading and writing files is all they do themselves."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from matching.embeddings import Embedder, LexicalEmbedder
from matching.errors import ModelUnavailable
from matching.evaluation import Evaluation, evaluate
from matching.files import read_json, write_json
from matching.formats import gold_from_dict, profiles_from_dict, ranking_from_dict, ranking_to_dict
from matching.models import LEXICAL_MODEL, PACKAGED_MODEL, load_embedder
from matching.policy import Policy
from matching.recommending import recommend

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  has no public name


def add_commands(subparsers: Subparsers) -> None:
    """Register rank and score; `run` of the parsed arguments does the work and returns the exit status."""
    rank = subparsers.add_parser("rank", help="rank partners for every profile")
    rank.add_argument("profiles", metavar="PROFILES.json")
    rank.add_argument("-o", "--output", required=True, metavar="RANKING.json", help='"-" = standard output')
    rank.add_argument("--top", type=_positive, default=Policy.top, help="places per list (default: %(default)s)")
    rank.add_argument(
        "--model",
        help=f'a sentence-transformers model, by name or folder, or "{LEXICAL_MODEL}" (default: {PACKAGED_MODEL})',
    )
    rank.set_defaults(run=_rank)
    score = subparsers.add_parser("score", help="measure a ranking against judgements")
    score.add_argument("ranking", metavar="RANKING.json")
    score.add_argument("gold", metavar="GOLD.json")
    score.set_defaults(run=_score)


def _rank(arguments: argparse.Namespace) -> int:
    profiles = profiles_from_dict(read_json(arguments.profiles))
    progress = _show_progress if sys.stderr.isatty() else None
    ranking = recommend(profiles, _embedder(arguments.model), Policy(top=arguments.top), progress)
    write_json(arguments.output, ranking_to_dict(ranking))
    return 0


def _score(arguments: argparse.Namespace) -> int:
    ranking = ranking_from_dict(read_json(arguments.ranking))
    gold = gold_from_dict(read_json(arguments.gold))
    unknown = sorted(set(gold) - set(ranking.lists))
    if unknown:
        _say(f"warning: {len(unknown)} judged queries have no list and count as empty: {', '.join(unknown[:5])}")
    sys.stdout.write("\n".join(_table(evaluate(ranking.lists, gold))) + "\n")
    return 0


def _table(evaluation: Evaluation) -> list[str]:
    rows = [f"{'queries':24}{evaluation.queries:>8}"]
    rows += [
        f"{name:24}{figure.value:8.4f}   95 % interval {figure.low:.4f} to {figure.high:.4f}"
        for name, figure in evaluation.figures.items()
    ]
    exposure = evaluation.exposure
    return [
        *rows,
        f"{'minimum incoming places':24}{exposure.minimum_incoming:>8}",
        f"{'fewer than 5 incoming':24}{exposure.share_under_five:8.4f}",
        f"{'Gini of exposure':24}{exposure.gini:8.4f}",
    ]


def _embedder(model: str | None) -> Embedder:
    try:
        return load_embedder(model or PACKAGED_MODEL)
    except ModelUnavailable as error:
        if model:
            raise
        _say(f"warning: {error}")
        _say("warning: ranking by words only (the lexical fallback): meaning is not understood, expect worse lists")
        return LexicalEmbedder()


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a whole number of at least 1")
    return int(text)


def _say(message: str) -> None:
    sys.stderr.write(f"{message}\n")


def _show_progress(done: int, total: int, label: str) -> None:
    sys.stderr.write(f"\r{label} {done} of {total}" + ("\n" if done == total else ""))
    sys.stderr.flush()
