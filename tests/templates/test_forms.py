"""Form macros: each field has a label, and its errors are tied to it."""

import pytest
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from tests.templates.conftest import Render, Tags

IMPORT = (
    "{% from '_macros/forms.html' import field, fields, form_open, form_close, group, submit_row, error_summary,"
    " confirm_button, post_button %}"
)


class Block(Form):
    """One block of meeting hours."""

    day = DateField("Day")


class Everything(Form):
    """One field of every kind."""

    name = StringField("Name", [InputRequired("Please give your name.")], description="As on your badge")
    about = TextAreaField("About", [Length(max=10)])
    country = SelectField("Country", choices=[("LT", "Lithuania"), ("ES", "Spain")])
    zone = SelectField("Zone", choices=["Europe/Vilnius", "Europe/Madrid"])
    count = IntegerField("Count")
    mode = RadioField("Mode", choices=[("online", "Online"), ("on_site", "On site")])
    languages = SelectMultipleField(
        "Languages", choices=[("en", "English"), ("es", "Spanish")], widget=ListWidget(), option_widget=CheckboxInput()
    )
    rating = RadioField("Rating", choices=[str(n) for n in range(1, 6)])
    terms = BooleanField("I agree")
    logo = FileField("Logo")
    block = FormField(Block, "First block")
    links = FieldList(StringField("Link", [InputRequired("Please give a link.")]), "Links", min_entries=2)
    token = HiddenField()


def test_every_visible_field_has_a_label_or_a_legend(render: Render) -> None:
    tags = Tags(render(IMPORT + "{{ fields(form) }}", form=Everything()))

    labelled = {label["for"] for label in tags.named("label")}
    controls = {
        control["id"]
        for control in tags.named("input") + tags.named("select") + tags.named("textarea")
        if control.get("type") != "hidden"
    }

    assert controls == labelled
    assert len(tags.named("legend")) == len(tags.named("fieldset"))


def test_an_error_stands_beside_its_field_and_is_tied_to_it(render: Render) -> None:
    form = Everything(MultiDict({"about": "x" * 11}))
    form.validate()

    text = render(IMPORT + "{{ field(form.name, help='Your full name') }}", form=form)

    (control,) = Tags(text).named("input")
    assert control["aria-invalid"] == "true"
    assert control["aria-describedby"] == "name-help name-error"
    assert 'id="name-error"' in text
    assert "Please give your name." in text


def test_a_field_without_help_or_error_describes_nothing(render: Render) -> None:
    (control,) = Tags(render(IMPORT + "{{ field(form.count) }}", form=Everything())).named("input")

    assert "aria-describedby" not in control
    assert "aria-invalid" not in control


def test_a_text_limit_is_counted_and_not_cut_off(render: Render) -> None:
    (area,) = Tags(render(IMPORT + "{{ field(form.about) }}", form=Everything())).named("textarea")

    assert area["data-counter"] == "10"
    assert "maxlength" not in area


def test_what_was_typed_comes_back_escaped(render: Render) -> None:
    form = Everything(MultiDict({"name": '"><script>alert(1)</script>'}))

    text = render(IMPORT + "{{ field(form.name) }}", form=form)

    assert Tags(text).named("script") == []
    assert Tags(text).named("input")[0]["value"] == '"><script>alert(1)</script>'


def test_stars_are_five_radio_buttons_with_words(render: Render) -> None:
    form = Everything(MultiDict({"rating": "4"}))

    tags = Tags(render(IMPORT + "{{ field(form.rating, as_='stars') }}", form=form))

    assert [(star["value"], "checked" in star) for star in tags.named("input")] == [
        ("1", False), ("2", False), ("3", False), ("4", True), ("5", False),
    ]  # fmt: skip


@pytest.mark.parametrize(("as_", "kind"), [("cards", "radio"), ("radios", "radio")])
def test_choices_keep_what_was_chosen(render: Render, as_: str, kind: str) -> None:
    form = Everything(MultiDict({"mode": "on_site"}))

    tags = Tags(
        render(IMPORT + "{{ field(form.mode, as_=as_, descriptions={'online': 'By video'}) }}", form=form, as_=as_)
    )

    assert [(i["type"], i["value"], "checked" in i, i.get("aria-describedby")) for i in tags.named("input")] == [
        (kind, "online", False, "mode-0-note"),
        (kind, "on_site", True, None),
    ]


def test_a_list_of_check_boxes_keeps_all_that_was_chosen(render: Render) -> None:
    form = Everything(MultiDict([("languages", "en"), ("languages", "es")]))

    tags = Tags(render(IMPORT + "{{ field(form.languages) }}", form=form))

    assert [(i["name"], "checked" in i) for i in tags.named("input")] == [("languages", True), ("languages", True)]


def test_a_select_of_zones_offers_the_zone_of_the_browser(render: Render) -> None:
    (select,) = Tags(render(IMPORT + "{{ field(form.zone, data_zone=true) }}", form=Everything())).named("select")

    assert select["data-zone-text"] == "This device is set to {zone}."


def test_the_summary_links_to_every_wrong_field_also_the_nested_ones(render: Render) -> None:
    form = Everything(MultiDict({"about": "x" * 11, "links-0": "a", "links-1": ""}))
    form.validate()

    tags = Tags(render(IMPORT + "{{ error_summary(form) }}", form=form))

    targets = [link["href"] for link in tags.named("a")]
    assert targets == [f"#{name}" for name in ("name", "about", "country", "zone", "mode", "rating", "links-1")]


def test_a_form_without_errors_has_no_summary(render: Render) -> None:
    assert render(IMPORT + "{{ error_summary(form) }}", form=Everything()).strip() == ""


def test_an_opened_form_carries_token_files_and_hidden_fields(render: Render) -> None:
    tags = Tags(render(IMPORT + "{{ form_open(form=form) }}{{ form_close() }}", form=Everything()))

    (form,) = tags.named("form")
    assert (form["method"], form["enctype"]) == ("post", "multipart/form-data")
    assert [hidden["name"] for hidden in tags.named("input")] == ["csrf_token", "token"]


def test_a_form_of_flask_wtf_gets_one_token_only(render: Render) -> None:
    class Signed(FlaskForm):
        class Meta:
            csrf = True

        name = StringField("Name")

    text = render(IMPORT + "{{ form_open(form=form) }}{{ fields(form) }}{{ form_close() }}", form=Signed())

    assert text.count('name="csrf_token"') == 1


def test_a_search_form_has_no_token(render: Render) -> None:
    text = render(IMPORT + "{{ form_open('/list', method='get', id='f', autosubmit=true, native=false) }}")

    assert "csrf_token" not in text
    assert "data-autosubmit" in text


def test_a_confirmation_works_as_a_form_and_can_lead_to_a_page(render: Render) -> None:
    asked = render(IMPORT + "{{ confirm_button('Cancel', '/cancel', 'Cancel it?', values={'version': 3}) }}")
    linked = render(IMPORT + "{{ confirm_button('Cancel', '/cancel', 'Cancel it?', page='/sure') }}")

    assert [i["name"] for i in Tags(asked).named("input")] == ["csrf_token", "version"]
    assert [a["href"] for a in Tags(linked).named("a")] == ["/sure"]


def test_a_button_names_its_object_for_screen_readers(render: Render) -> None:
    text = render(IMPORT + "{{ post_button('Accept', '/accept', label_for='Ana Ruiz') }}")

    assert '<span class="visually-hidden"> Ana Ruiz</span>' in text


def test_groups_and_submit_rows_hold_what_they_are_given(render: Render) -> None:
    text = render(
        IMPORT + "{% call group('Dates', help='In the zone of the event') %}<i></i>{% endcall %}"
        "{% call submit_row('Save', cancel='/back', note='Once', name='act', value='save') %}<b></b>{% endcall %}"
    )

    tags = Tags(text)
    assert [button["value"] for button in tags.named("button")] == ["save"]
    assert len(tags.named("i")) == len(tags.named("b")) == 1
