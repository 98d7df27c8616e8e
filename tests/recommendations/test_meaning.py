"""Questions by meaning: the directory, hints to a profile, similar profiles. Answered by jobs, asked by pages."""

from datetime import timedelta

import pytest

from matchmaker import jobs
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.jobs import Job
from matchmaker.profiles import services as profile_services
from matchmaker.profiles.content import Content
from matchmaker.recommendations import meaning, queries, services
from matchmaker.recommendations.models import Question, QuestionKind
from tests import factories
from tests.conftest import NOW
from tests.recommendations.support import ROBOTS, newcomer

DIRECTORY = "/events/fair/me/directory"
PROFILE = "/events/fair/me/profile"
HINTS = "/events/fair/me/hints"


@pytest.fixture
def welder(cast):
    """Somebody to be found: welds, needs vision."""
    return newcomer(cast.event, "Wanda Weld", (ROBOTS,), ("Cameras that see a seam",))


@pytest.fixture
def nobody_works(app, monkeypatch):
    """Jobs wait; the ids of those handed over."""
    handed = []
    monkeypatch.setitem(app.extensions, "matchmaker_jobs", handed.append)
    return handed


def question_of(participant, kind=QuestionKind.SEARCH):
    db.session.rollback()
    return queries.question_of(participant, kind)


def jobs_for_questions():
    return db.session.scalar(
        db.select(db.func.count())
        .select_from(Job)
        .where(Job.task == "matchmaker.recommendations.meaning.answer_question")
    )


def test_a_search_shows_the_sentence_that_was_met(cast, welder, as_user):
    page = as_user(cast.ana).get(f"{DIRECTORY}?q=welding+cells+for+sheets").text

    assert "Wanda Weld" in page
    assert "They offer" in page
    assert ROBOTS in page
    assert "Only words are compared, because no language model is available" in page  # these tests have none


def test_until_the_answer_is_there_the_page_waits_and_shows_who_says_the_words(cast, welder, as_user, nobody_works):
    client = as_user(cast.ana)

    page = client.get(f"{DIRECTORY}?q=Wanda").text

    assert 'data-poll="/events/fair/me/questions/search"' in page
    assert "Wanda Weld" in page
    assert client.get("/events/fair/me/questions/search").json == {"finished": False}
    assert len(nobody_works) == 1
    jobs.run_job(nobody_works[0])
    assert client.get("/events/fair/me/questions/search").json == {"finished": True}


def test_while_one_question_is_under_way_the_next_takes_its_place(cast, welder, as_user, nobody_works):
    client = as_user(cast.ana)
    client.get(f"{DIRECTORY}?q=something+else")
    client.get(f"{DIRECTORY}?q=welding+cells")

    assert len(nobody_works) == 1
    jobs.run_job(nobody_works[0])

    assert question_of(cast.ana).content["text"] == "welding cells"
    assert question_of(cast.ana).is_answered


def test_the_same_question_is_answered_once_until_a_profile_changes(cast, welder, as_user):
    client = as_user(cast.ana)
    for _twice in range(2):
        client.get(f"{DIRECTORY}?q=welding+cells")
    assert jobs_for_questions() == 1

    clock.freeze(NOW + timedelta(minutes=1))
    newcomer(cast.event, "Nora New", ("Welding cells on wheels",))
    page = client.get(f"{DIRECTORY}?q=welding+cells").text

    assert jobs_for_questions() == 2
    assert "Nora New" in page


def test_hidden_people_and_oneself_are_not_found(cast, as_user):
    newcomer(cast.event, "Hanna Hidden", ("Welding cells for sheets",), is_visible=False)
    with transaction():
        factories.make_profile(cast.ana, ("Welding cells for sheets",))

    as_user(cast.ana).get(f"{DIRECTORY}?q=welding+cells+for+sheets")

    assert question_of(cast.ana).answer["hits"] == []


def test_a_search_on_one_side_finds_that_side_only(cast, welder, as_user):
    client = as_user(cast.ana)

    assert "Wanda Weld" in client.get(f"{DIRECTORY}?q=welding+cells&within=offers").text
    assert "Wanda Weld" not in client.get(f"{DIRECTORY}?q=welding+cells&within=needs").text


def test_a_search_that_fails_says_so_and_is_not_asked_again_at_once(cast, welder, as_user, monkeypatch):
    def broken(_asked):
        raise RuntimeError("the model is damaged")

    monkeypatch.setitem(meaning._ANSWERS, QuestionKind.SEARCH, broken)
    client = as_user(cast.ana)
    for _twice in range(2):
        page = client.get(f"{DIRECTORY}?q=welding").text

    assert "The search by meaning does not work at the moment" in page
    assert jobs_for_questions() == 1


def test_a_lost_job_is_sent_again_after_a_minute(cast, as_user, nobody_works):
    client = as_user(cast.ana)
    client.get(f"{DIRECTORY}?q=welding")
    clock.freeze(NOW + timedelta(seconds=61))

    client.get(f"{DIRECTORY}?q=welding")

    assert len(nobody_works) == 2


def test_an_answer_to_an_older_question_is_not_taken(cast, nobody_works):
    with transaction():
        question = meaning.ask(cast.ana, QuestionKind.SEARCH, {"text": "one", "where": ""})
        old = question.digest
        meaning.ask(cast.ana, QuestionKind.SEARCH, {"text": "two", "where": ""})

    with transaction():
        assert services.answer(question.id, old, {"hits": []}, is_fallback=False) is False
        assert services.answer(999_999, old, {"hits": []}, is_fallback=False) is True  # gone: nothing more to do

    assert not question_of(cast.ana).is_answered


def test_an_answered_question_and_one_that_is_gone_need_no_work(cast, welder):
    with transaction():
        question = meaning.ask(cast.ana, QuestionKind.SEARCH, {"text": "welding", "where": ""})
    answered_at = question_of(cast.ana).answered_at

    meaning.answer_question(question.id)
    meaning.answer_question(999_999)
    with transaction():
        services.give_up(999_999)

    assert question_of(cast.ana).answered_at == answered_at


def test_what_one_asks_is_nobody_elses(cast, welder, as_user):
    as_user(cast.ana).get(f"{DIRECTORY}?q=welding+cells")

    assert question_of(cast.ben) is None
    assert as_user(cast.ben).get("/events/fair/me/questions/search").json == {"finished": True}


def test_the_page_opened_twice_at_once_makes_one_question(cast, monkeypatch):
    with transaction():
        meaning.ask(cast.ana, QuestionKind.SEARCH, {"text": "one", "where": ""})
    real, missed = db.session.scalar, []

    def misses_once(statement, *more, **values):
        found = real(statement, *more, **values)
        if isinstance(found, Question) and not missed:
            missed.append(found)
            return None
        return found

    monkeypatch.setattr(db.session, "scalar", misses_once)
    with transaction():
        meaning.ask(cast.ana, QuestionKind.SEARCH, {"text": "two", "where": ""})

    assert db.session.scalar(db.select(db.func.count()).select_from(Question)) == 1
    assert missed


def test_hints_say_what_a_line_would_match_and_what_is_too_vague(cast, welder, as_user):
    client = as_user(cast.ana)
    lines = {"needs-0": "Robot cells for welding steel", "offers-0": "Innovative solutions", "version": 0}

    assert client.post(HINTS, data=lines).status_code == 202
    answer = client.get(HINTS).json

    html = {line["text"]: line["html"] for line in answer["lines"]}
    assert answer["finished"]
    assert "1 of 1 participants may offer this." in html["Robot cells for welding steel"]
    assert ROBOTS in html["Robot cells for welding steel"]
    assert "These words fit almost anybody" in html["Innovative solutions"]
    assert set(answer["tags"]) == {"offers", "needs"}


def test_hints_before_a_question_and_before_its_answer(cast, as_user, nobody_works):
    client = as_user(cast.ana)
    assert client.get(HINTS).json == {"finished": True, "lines": [], "tags": {}}

    client.post(HINTS, data={"offers-0": "Robot cells", "version": 0})

    assert client.get(HINTS).json == {"finished": False, "lines": [], "tags": {}}


def test_without_a_script_the_page_shows_the_hints_of_what_was_saved(cast, welder, as_user):
    with transaction():
        factories.make_profile(cast.ana)
        profile_services.save(cast.ana, Content(needs=("Robot cells for welding steel",)), 1)

    page = as_user(cast.ana).get(PROFILE).text

    assert "1 of 1 participants may offer this." in page
    assert ROBOTS in page


def test_a_tag_of_the_event_is_suggested_for_what_it_means_there(cast, as_user):
    newcomer(cast.event, "Wanda Weld", (ROBOTS,), facets={"tag_offered": ("robot welding",)})
    client = as_user(cast.ana)

    client.post(HINTS, data={"offers-0": "We build robot cells for welding of steel sheets", "version": 0})

    assert "robot welding" in client.get(HINTS).json["tags"]["offers"]


def test_similar_profiles_stand_on_the_page_of_a_participant(cast, welder, as_user):
    other = newcomer(cast.event, "Willi Weldon", ("Robot cells for welding of thick steel plates",))
    client = as_user(cast.ana)

    page = client.get(f"/events/fair/me/partners/{welder.id}").text

    assert "Similar profiles" in page
    assert "Willi Weldon" in page
    assert other.id in {hit["id"] for hit in question_of(cast.ana, QuestionKind.SIMILAR).answer["hits"]}


def test_ones_own_page_shows_who_offers_the_same(cast, welder, as_user):
    with transaction():
        factories.make_profile(cast.ana, ("Robot cells for welding of thick steel plates",))

    page = as_user(cast.ana).get(f"/events/fair/me/partners/{cast.ana.id}").text

    assert "Others who offer the same as you" in page
    assert "Wanda Weld" in page


def test_nobody_is_similar_to_somebody_without_a_profile(cast, as_user):
    page = as_user(cast.ana).get(f"/events/fair/me/partners/{cast.ana.id}")

    assert page.status_code == 200
    assert "Others who offer the same" not in page.text


def test_the_people_of_an_event_are_built_anew_only_when_one_changes(cast, welder):
    from matching import CachedEmbedder, LexicalEmbedder
    from matchmaker.recommendations import bridge

    standing = meaning.Standing()
    embedder = CachedEmbedder(LexicalEmbedder(), bridge.EmbeddingTable())
    first = standing.of(cast.event.id, embedder)
    assert standing.of(cast.event.id, embedder) is first

    newcomer(cast.event, "Nora New")

    assert len(standing.of(cast.event.id, embedder)) == len(first) + 1
    for event in range(10_000, 10_005):  # events come and go; a few are kept
        standing.of(event, embedder)
    assert len(standing._known) == 4


def test_questions_are_part_of_ones_data_and_go_with_the_registration(cast, welder, as_user):
    as_user(cast.ana).get(f"{DIRECTORY}?q=welding+cells")
    assert "welding cells" in as_user(cast.ana).get("/account/data/export").text

    with transaction():
        db.session.delete(db.session.merge(cast.ana))

    assert db.session.scalar(db.select(db.func.count()).select_from(Question)) == 0
