"""How complete a profile is, from 0 to 100, and what would raise it. The page evaluates the same rules while one types."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _

from matchmaker.profiles.content import Content


class Rule(NamedTuple):
    """``points`` for at least ``least`` entries in ``part``; of the description, characters count."""

    part: str
    least: int
    points: int
    hint: Any  # lazy text


RULES = (
    Rule("offers", 1, 20, _("Add an offer: what can you do for a partner? One sentence is enough.")),
    Rule("needs", 1, 20, _("Add a need: what are you looking for? One sentence is enough.")),
    Rule("description", 80, 10, _("Describe your organisation in two or three sentences.")),
    Rule("cooperation", 1, 10, _("Choose how you want to cooperate, such as a pilot project or a supplier agreement.")),
    Rule("topics", 1, 5, _("Choose at least one topic.")),
    Rule("tags_offered", 1, 5, _("Confirm a tag for what you offer: a short name for a capability.")),
    Rule("tags_needed", 1, 5, _("Confirm a tag for what you need.")),
    Rule("offers", 2, 5, _("Add a second offer: different partners look for different things.")),
    Rule("needs", 2, 5, _("Add a second need.")),
    Rule("sectors", 1, 5, _("Choose the sector you work in.")),
    Rule("wanted_sectors", 1, 5, _("Choose the sectors in which you look for partners.")),
    Rule("languages", 1, 5, _("Choose the languages in which you can hold a meeting.")),
)
COMPLETE = 100
USEFUL = 60  # below this an organiser may want to remind the participant


def completeness(content: Content) -> int:
    """Return the points reached, 0 to 100."""
    return sum(rule.points for rule in RULES if _is_met(rule, content))


def hints(content: Content) -> list[Rule]:
    """Return the rules that are not met, in the order in which to follow them."""
    return [rule for rule in RULES if not _is_met(rule, content)]


def _is_met(rule: Rule, content: Content) -> bool:
    return len(getattr(content, rule.part)) >= rule.least


def rules_as_data() -> list[dict[str, Any]]:
    """Return the rules for the page's script."""
    return [{"part": r.part, "least": r.least, "points": r.points, "hint": str(r.hint)} for r in RULES]
