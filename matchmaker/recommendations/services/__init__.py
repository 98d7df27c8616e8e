"""The verbs of matching, a module for each group of them. None of them commits."""

from matchmaker.recommendations.services.judging import never_meet, set_aside, take_back
from matchmaker.recommendations.services.questions import answer, ask, digest_of, give_up
from matchmaker.recommendations.services.ruling import save_rules
from matchmaker.recommendations.services.running import (
    begin,
    choose_reruns,
    fail,
    finish,
    interrupt,
    start_run,
    want_rerun,
)

__all__ = [
    "answer",
    "ask",
    "begin",
    "choose_reruns",
    "digest_of",
    "fail",
    "finish",
    "give_up",
    "interrupt",
    "never_meet",
    "save_rules",
    "set_aside",
    "start_run",
    "take_back",
    "want_rerun",
]
