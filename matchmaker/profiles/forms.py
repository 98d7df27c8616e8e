"""The form of a profile."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    IntegerField,
    SelectMultipleField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from matchmaker import vocabulary
from matchmaker.profiles.content import MAX_DESCRIPTION_LENGTH, MAX_ITEM_LENGTH, MAX_ITEMS, VOCABULARIES, Content
from matchmaker.profiles.models import FacetKind


def one_line(text: str | None) -> str:
    """Put a sentence on one line: an offer or a need has no line breaks."""
    return " ".join((text or "").split())


def _plain_text(_form: FlaskForm, field: Field) -> None:
    """Control characters other than line breaks have no place in a text (and PostgreSQL refuses NUL)."""
    if any(ord(character) < 32 and character not in "\r\n\t" for character in field.data or ""):
        raise ValidationError(_("This text holds characters that can't be shown. Please type it again."))


def _items(label: Any) -> FieldList:
    """Five lines; the page hides those not used."""
    checks = [Length(max=MAX_ITEM_LENGTH), _plain_text]
    line = TextAreaField(label, filters=[one_line], validators=checks, render_kw={"rows": 2})
    return FieldList(line, label, min_entries=MAX_ITEMS, max_entries=MAX_ITEMS)


class ProfileForm(FlaskForm):
    """What a participant brings and seeks."""

    version = IntegerField(widget=HiddenInput(), default=0)
    description = TextAreaField(
        _("About your organisation"),
        description=_("What you do, for whom, and what makes you different. Two or three sentences in English."),
        filters=[lambda text: (text or "").strip()],
        validators=[Length(max=MAX_DESCRIPTION_LENGTH), _plain_text],
    )
    offers = _items(_("Offer"))
    needs = _items(_("Need"))
    topics = SelectMultipleField(_("Topics"), choices=lambda: vocabulary.choices("topics"))
    sectors = SelectMultipleField(_("Sectors you work in"), choices=lambda: vocabulary.choices("sectors"))
    wanted_sectors = SelectMultipleField(
        _("Sectors in which you look for partners"), choices=lambda: vocabulary.choices("sectors")
    )
    cooperation = SelectMultipleField(
        _("How you want to cooperate"), choices=lambda: vocabulary.choices(VOCABULARIES[FacetKind.COOPERATION])
    )
    languages = SelectMultipleField(
        _("Languages in which you can hold a meeting"), choices=lambda: vocabulary.choices("languages")
    )
    is_visible = BooleanField(
        _("Show my profile to other participants"),
        description=_("If not, you are neither listed nor recommended, and you get no recommendations."),
        default=True,
    )

    @classmethod
    def filled(cls, content: Content, version: int) -> "ProfileForm":
        """Return the form showing what a profile says."""
        blank = MAX_ITEMS * ("",)
        return cls(
            None,
            version=version,
            description=content.description,
            offers=(content.offers + blank)[:MAX_ITEMS],
            needs=(content.needs + blank)[:MAX_ITEMS],
            topics=content.topics,
            sectors=content.sectors,
            wanted_sectors=content.wanted_sectors,
            cooperation=content.cooperation,
            languages=content.languages,
            is_visible=content.is_visible,
        )

    def content(self) -> Content:
        """Return what was typed; empty lines and repetitions dropped, codes in the order of their vocabulary."""
        return Content(
            description="\n".join(self.description.data.splitlines()),
            offers=_distinct(self.offers),
            needs=_distinct(self.needs),
            topics=tuple(self.topics.data or ()),
            sectors=tuple(self.sectors.data or ()),
            wanted_sectors=tuple(self.wanted_sectors.data or ()),
            cooperation=tuple(self.cooperation.data or ()),
            languages=tuple(self.languages.data or ()),
            is_visible=bool(self.is_visible.data),
        )


def _distinct(lines: FieldList) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in lines.data if text))
