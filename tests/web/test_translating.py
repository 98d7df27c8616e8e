"""Translations are looked up once for each request, and a mail in another language still gets its own."""

import flask_babel
import pytest
from flask import g, render_template_string
from flask_babel import force_locale

from matchmaker.web.states import STATES, state_label, state_tone
from matchmaker.web.translating import translations


@pytest.fixture
def request_context(app):
    with app.test_request_context():
        yield


def test_the_translations_of_a_request_are_looked_up_once(request_context, monkeypatch):
    first = translations()
    monkeypatch.setattr(flask_babel.Domain, "get_translations", None)

    assert translations() is first
    assert render_template_string("{{ _('Sign in') }}") == "Sign in"


def test_another_language_inside_has_its_own(request_context):
    outside = translations()

    with force_locale("de"):
        assert translations() is not outside
        inside = g._flask_babel.babel_translations
        assert translations() is inside

    assert translations() is outside


def test_numbers_choose_the_form_and_texts_are_escaped(request_context):
    text = "{{ ngettext('%(num)s person', '%(num)s people', n) }} {{ _('Hello %(name)s', name=name) }}"

    assert render_template_string(text, n=1, name="<b>") == "1 person Hello &lt;b&gt;"
    assert render_template_string(text, n=2, name="") == "2 people Hello "


def test_every_state_has_a_word_and_a_tone_with_a_sign(request_context):
    assert {tone for _label, tone in STATES.values()} == {"good", "wait", "bad", "info", "quiet"}
    assert (state_label("waiting"), state_tone("waiting")) == ("Waiting list", "wait")
    assert (state_label("not_known"), state_tone("not_known")) == ("Not known", "quiet")
