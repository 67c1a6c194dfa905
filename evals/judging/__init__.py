"""People's judgement of answers: blind, claim by claim, two systems side by side, and how far they agree."""

from evals.judging.agreeing import compare_evaluators, compare_with_measure
from evals.judging.judgements import (
    Better,
    Exhibit,
    Judgement,
    JudgementsDamaged,
    Mark,
    NothingToJudge,
    OnDamaged,
    about,
    answer_sha256,
    append_judgement,
    exhibits,
    human_score,
    in_common,
    judged,
    standing,
    standing_in,
)

__all__ = [
    "Better",
    "Exhibit",
    "Judgement",
    "JudgementsDamaged",
    "Mark",
    "NothingToJudge",
    "OnDamaged",
    "about",
    "answer_sha256",
    "append_judgement",
    "compare_evaluators",
    "compare_with_measure",
    "exhibits",
    "human_score",
    "in_common",
    "judged",
    "standing",
    "standing_in",
]
