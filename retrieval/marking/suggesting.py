"""Notice the marking words that stand on a document itself: in headers, footers and on its first and last lines.

Only ever a suggestion: a person sets a marking. Looks where markings stand, because doctrine and law also write about
markings in their text."""

from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.access import Marking
from retrieval.loading.loaded import Loaded
from retrieval.marking.wording import folded, spellings
from retrieval.policies import POLICIES

# As the loaders name what runs along every page.
_RUNNING = ("header", "footer", "running lines")
_FIRST_LINES = 5
_LAST_LINES = 3
# A line that is a marking has room beside the words for 'REL NLD/DEU' and a page number, not for a sentence.
_BESIDE_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A level whose words stand on the document."""

    policy: str
    level: str
    where: str
    """'header', 'footer', 'running lines', 'first lines' or 'last lines'."""


def suggest(loaded: Loaded) -> Suggestion | None:
    """Suggest the highest level that stands on a document, in the policy that is found first; None without any."""
    found = list(_found(loaded))
    of_policy = [one for one in found if one.policy == found[0].policy]
    return max(of_policy, key=lambda one: POLICIES[one.policy].index(one.level), default=None)


def above(loaded: Loaded, marking: Marking) -> list[Suggestion]:
    """Return what stands on a document and asks for more than its marking does, each level once.

    Of another policy that is every level but the lowest, since there is no order between them."""
    asking: dict[tuple[str, str], Suggestion] = {}
    for one in _found(loaded):
        levels = POLICIES[one.policy]
        floor = levels.index(marking.level) if marking.policy == one.policy and marking.level in levels else 0
        if levels.index(one.level) > floor:
            asking.setdefault((one.policy, one.level), one)
    return list(asking.values())


def _found(loaded: Loaded) -> Iterator[Suggestion]:
    known = spellings()
    for where in _RUNNING:
        running = f" {folded(loaded.metadata.get(where, ''))} "
        yield from _named(known, [one for one in known if f" {one} " in running], where)
    lines = [line for span in loaded.spans for line in loaded.text[span.start : span.end].splitlines() if line.strip()]
    for where, some in (("first lines", lines[:_FIRST_LINES]), ("last lines", lines[-_LAST_LINES:])):
        for line in map(folded, some):
            fitting = [one for one in known if f"{line} ".startswith(f"{one} ")]
            yield from _named(known, [one for one in fitting if len(line) <= len(one) + _BESIDE_CHARACTERS], where)


def _named(known: dict[str, tuple[tuple[str, str], ...]], found: list[str], where: str) -> Iterator[Suggestion]:
    for spelling in found:
        # 'secret ue' within 'tres secret ue' is not a second marking.
        if not any(spelling != other and f" {spelling} " in f" {other} " for other in found):
            for policy, level in known[spelling]:
                yield Suggestion(policy, level, where)
