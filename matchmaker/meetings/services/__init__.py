"""The verbs of requests and meetings, a module for each group of them. None of them commits."""

from matchmaker.meetings.services.answering import Answer, answer, expire, expire_of_past_events
from matchmaker.meetings.services.asking import ask, withdraw
from matchmaker.meetings.services.availability import set_availability
from matchmaker.meetings.services.booking import book, cancel, move, set_locked
from matchmaker.meetings.services.extending import add_slots, lacking
from matchmaker.meetings.services.grid import difference, make_slots, shift_slots
from matchmaker.meetings.services.leaving import cancel_all_of
from matchmaker.meetings.services.publishing import Placement, PlanResult, publish_plan
from matchmaker.meetings.services.rating import RatingInput, rate
from matchmaker.meetings.services.seating import sync_sessions
from matchmaker.meetings.services.setup import (
    BlockInput,
    SettingsInput,
    add_block,
    add_places,
    edit_block,
    remove_block,
    remove_place,
    rename_place,
    save_settings,
)

__all__ = [
    "Answer",
    "BlockInput",
    "Placement",
    "PlanResult",
    "RatingInput",
    "SettingsInput",
    "add_block",
    "add_places",
    "add_slots",
    "answer",
    "ask",
    "book",
    "cancel",
    "cancel_all_of",
    "difference",
    "edit_block",
    "expire",
    "expire_of_past_events",
    "lacking",
    "make_slots",
    "move",
    "publish_plan",
    "rate",
    "remove_block",
    "remove_place",
    "rename_place",
    "save_settings",
    "set_availability",
    "set_locked",
    "shift_slots",
    "sync_sessions",
    "withdraw",
]
