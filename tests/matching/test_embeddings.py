"""Embedders: the cache that never encodes twice, and the lexical fallback."""

import numpy as np
import pytest

from matching import CachedEmbedder, LexicalEmbedder, content_key
from matching.embeddings import encode_in_batches
from tests.matching.support import DictCache, HashEmbedder


def test_the_key_depends_on_model_and_words_but_not_on_white_space():
    key = content_key("m", "two  words\n")

    assert key == content_key("m", " two words")
    assert len(key) == 64
    assert key != content_key("n", "two words")
    assert key != content_key("m", "two Words")


def test_a_cached_text_is_not_encoded_again():
    inner, cache = HashEmbedder(), DictCache()
    first = CachedEmbedder(inner, cache).encode(["a b", "c"])

    second = CachedEmbedder(inner, cache).encode(["c", "new", "a  b"])

    assert inner.encoded == ["a b", "c", "new"]
    np.testing.assert_array_equal(second[[2, 0]], first)


def test_a_text_given_twice_is_encoded_once():
    inner = HashEmbedder()

    vectors = CachedEmbedder(inner, DictCache()).encode(["same", "same"])

    assert inner.encoded == ["same"]
    np.testing.assert_array_equal(vectors[0], vectors[1])


def test_the_cache_keeps_models_apart():
    cached = CachedEmbedder(HashEmbedder(), DictCache())

    assert cached.id == "hash-test"
    assert cached.encode([]).shape == (0, 64)


def test_batches_report_progress_and_keep_the_order():
    inner, seen = HashEmbedder(), []
    texts = [f"word{number % 300}" for number in range(600)]

    vectors = encode_in_batches(inner, texts, lambda done, total, label: seen.append((done, total, label)))

    assert seen == [(256, 300, "encoding"), (300, 300, "encoding")]
    np.testing.assert_array_equal(vectors, HashEmbedder().encode(texts))


def test_no_texts_give_no_vectors():
    assert len(encode_in_batches(HashEmbedder(), [])) == 0


def test_the_lexical_fallback_finds_inflections_but_no_synonyms():
    one, inflected, synonym = LexicalEmbedder().encode(["bearing monitoring", "monitored bearings", "watching shafts"])

    assert one @ inflected > 0.5
    assert one @ synonym == pytest.approx(0, abs=0.1)


def test_lexical_vectors_have_length_one_or_zero():
    lengths = np.linalg.norm(LexicalEmbedder().encode(["bread", "", "Χαίρετε κόσμε"]), axis=1)

    np.testing.assert_allclose(lengths, [1, 0, 1], rtol=1e-6)


def test_lexical_vectors_are_the_same_on_every_machine():
    vector = LexicalEmbedder().encode(["bearing"])[0]

    assert np.flatnonzero(vector)[:3].tolist() == [112, 276, 359]
