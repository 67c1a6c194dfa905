"""Answers as files to take along: which of them somebody may have (keeping), what is written (contents, wording),
and in which format (writing)."""

from assistant.courses.memo import FormatUnavailable
from assistant.exporting.contents import paper_of
from assistant.exporting.keeping import AnswerUnknown, KeptAnswer, kept_answers
from assistant.exporting.writing import FORMATS, write_paper

__all__ = [
    "FORMATS",
    "AnswerUnknown",
    "FormatUnavailable",
    "KeptAnswer",
    "kept_answers",
    "paper_of",
    "write_paper",
]
