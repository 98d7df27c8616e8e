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
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from matchmaker import vocabulary
from matchmaker.profiles.content import (
    MAX_DESCRIPTION_LENGTH,
    MAX_ITEM_LENGTH,
    MAX_ITEMS,
    MAX_TAG_LENGTH,
    MAX_TAGS,
    VOCABULARIES,
    Content,
    as_tag,
)
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


class TagsField(StringField):
    """Tags in one line, separated by commas; ``data`` is the tuple of them. The page's script shows them one by one."""

    def _value(self) -> str:
        return ", ".join(self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        """Split what was typed; blanks and repetitions are dropped."""
        tags = (as_tag(text) for value in valuelist for text in value.split(","))
        self.data = tuple(dict.fromkeys(tag for tag in tags if tag))

    def pre_validate(self, _form: Any) -> None:
        """Refuse too many, too long ones, and characters that can't be shown."""
        if len(self.data or ()) > MAX_TAGS:
            raise ValidationError(_("At most %(n)s tags, please.", n=MAX_TAGS))
        for tag in self.data or ():
            if len(tag) > MAX_TAG_LENGTH:
                raise ValidationError(
                    _("“%(tag)s” is too long for a tag: at most %(n)s characters.", tag=tag, n=MAX_TAG_LENGTH)
                )
            if not tag.isprintable():
                raise ValidationError(_("This text holds characters that can't be shown. Please type it again."))


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
    tags_offered = TagsField(_("Tags for what you offer"))
    tags_needed = TagsField(_("Tags for what you need"))
    asked_by = SelectMultipleField(
        _("Who may ask me for a meeting"), choices=lambda: vocabulary.choices("organisation_kinds")
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
            tags_offered=content.tags_offered,
            tags_needed=content.tags_needed,
            asked_by=content.asked_by,
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
            tags_offered=tuple(self.tags_offered.data or ()),
            tags_needed=tuple(self.tags_needed.data or ()),
            asked_by=tuple(self.asked_by.data or ()),
            is_visible=bool(self.is_visible.data),
        )


def _distinct(lines: FieldList) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in lines.data if text))
