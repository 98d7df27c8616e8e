"""The language model of this process, loaded on first use and kept; the fallback, chosen loudly. For jobs only."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING

from matching.errors import ModelUnavailable

if TYPE_CHECKING:
    from flask import Flask

    from matching import Embedder

log = logging.getLogger(__name__)


def engine_of(app: Flask) -> tuple[Embedder, bool]:
    """Return the embedder and whether it is the fallback, which is then said on every page with scores."""
    from matching.models import LEXICAL_MODEL

    name = app.config["SETTINGS"].embedding_model
    try:
        return _loaded(name), name == LEXICAL_MODEL
    except ModelUnavailable as error:
        log.warning("the embedding model %s is not available (%s); comparing words only", name, error)
        return _loaded(LEXICAL_MODEL), True


@cache
def _loaded(name: str) -> Embedder:
    """The model stays in the process: loading takes seconds. A failure is not kept, so that it can be put right."""
    from matching import load_embedder

    return load_embedder(name)
