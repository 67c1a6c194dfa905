"""Make a corpus from what a form says. Refuses a name that is taken and a marking that its maker may not read."""

import re
from collections.abc import Mapping
from datetime import date

from assistant.bootstrap import Installation
from assistant.entrypoints.corpora.changing import marking_in
from retrieval.access import UNMARKED, Principal
from retrieval.catalog import Corpus
from retrieval.errors import StafwijzerError
from retrieval.lifecycle.remarking import check_remarking

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_LONGEST_TITLE = 200
_MOST_AUTHORITY = 1_000


class CorpusRefused(StafwijzerError):
    """A corpus cannot be made like this."""


def make_corpus(installation: Installation, form: Mapping[str, str], *, by: Principal) -> Corpus:
    """Raises CorpusRefused, MarkedAbove or NotUnderstood."""
    name, title = form.get("name", "").strip(), form.get("title", "").strip()
    owner, authority = form.get("owner", "").strip() or by.name, form.get("authority", "0").strip() or "0"
    if not _NAME.fullmatch(name):
        raise CorpusRefused(
            "A name is of small letters, digits, dots and dashes, at most 64.", hint="For instance: plans-2026."
        )
    if not (title or name).isprintable() or len(title) > _LONGEST_TITLE or len(owner) > _LONGEST_TITLE:
        raise CorpusRefused("The title or the owner is too long.", hint="Use at most 200 characters.")
    if not authority.lstrip("-").isdecimal() or abs(int(authority)) > _MOST_AUTHORITY:
        raise CorpusRefused("The weight is no number from -1000 to 1000.", hint="Leave it at 0 when in doubt.")
    marking = UNMARKED if form.get("level") == "none" else marking_in(form)
    if marking != UNMARKED:
        check_remarking(by, [], marking, reason="", on_date=date.today())
    if any(one.name == name for one in installation.catalog.corpora()):
        raise CorpusRefused(f"There is a corpus called '{name}' already.", hint="Choose another name.")
    made = installation.catalog.ensure_corpus(Corpus(name, title or name, owner, marking, int(authority)))
    installation.journal.append("curated", {"corpus": name, "by": by.name, "did": "create", "marking": str(marking)})
    return made
