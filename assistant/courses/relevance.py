"""Weigh texts by the words that they share with a problem, in either language.

A name or a word of its title counts most, others by how few of the passages found have them; then also the words that
came up beside them (pseudo-relevance feedback, Lavrenko & Croft 2001). Knows words, no meaning and no order."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.answers import Evidence
from assistant.relating import words_asked
from retrieval.compounds import parts_of_compound
from retrieval.folding import fold
from retrieval.languages import LANGUAGES, Language, detect_language
from retrieval.lexical import content_words, stems

_NAMED = 2.0
# Fewer passages than this tell nothing of how rare a word is.
_COMMON = 3
# As much as a sentence can be asked to hold: three names.
_ENOUGH = 3 * _NAMED
_LEARNT, _MOST_LEARNT, _FEWEST_TIMES = 0.8, 15, 2
_SHORTEST_STEM, _SHORTEST_PART = 3, 5
# 'De Wilg' and 'Battlegroup GRUTTO' are one name each.
_NAME = re.compile(r"(?<![\w-])[A-ZÀ-Þ][\w'’-]+(?:[ -][A-ZÀ-Þ0-9][\w'’-]*)*")
# 'Work out courses of action to clear the road': what follows 'to' is of the problem, the rest of any.
_PLANS = re.compile(r"\bcourses? of action\b|\bhandelwijzen?\b|\badvise\b|\badviseer\b", re.IGNORECASE)
_PURPOSE = re.compile(r"\b(?:to|om)\s+[^,.;]+")
_OPENS = frozenset(("", *".:?!\n|"))

Held = frozenset[str]
"""Stems of a problem that a text tells."""


@dataclass(slots=True)
class Weighing:
    """What the words of a problem count, in the passages that were found for it."""

    tellers: dict[str, dict[Language, frozenset[str]]]
    """By stem of the problem: the stems that tell it, by language of the text."""
    weights: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Sequence[str], passages: Collection[Evidence], language: Language) -> "Weighing":
        """Weigh the words of a problem, the first of whose texts is its topic."""
        topic, *told = given
        said = " ".join([topic, *map(without_planning, told)])
        weighing = cls(_tellers(said, language))
        named = {
            stem
            for text in (topic, *(name for one in told for name in names_in(one)))
            for stem in stems(text, language)
        }
        rarity = weighing._rarity(passages)
        for stem in weighing.tellers:
            weighing.weights[stem] = _NAMED if stem in named else min(_NAMED, rarity[stem])
        return weighing

    def learn(self, best: Sequence[str], passages: Collection[Evidence]) -> None:
        """Count the words too that came up most in the sentences that weigh most, by how few passages have them."""
        times: Counter[str] = Counter()
        spoken: dict[str, Language] = {}
        for text in best:
            own = detect_language(text)
            for word in set(content_words(text)):
                if not any(map(str.isdigit, word)) and len(word) > _SHORTEST_STEM and not self.held(word):
                    times[word] += 1
                    spoken[word] = own
        common = [word for word, number in times.items() if number >= _FEWEST_TIMES]
        learnt = Weighing({word: next(iter(_tellers(word, spoken[word]).values()), {}) for word in common})
        rarity = learnt._rarity(passages)
        for word in sorted(common, key=lambda word: -times[word] * rarity[word])[:_MOST_LEARNT]:
            self.tellers[word] = learnt.tellers[word]
            self.weights[word] = _LEARNT * min(1.0, rarity[word])

    def held(self, text: str) -> Held:
        """Return the words of the problem that a text tells."""
        own = _stems_by_language(text)
        return frozenset(
            stem
            for stem, told in self.tellers.items()
            if any(not told.get(language, frozenset()).isdisjoint(own[language]) for language in LANGUAGES)
        )

    def share(self, held: Iterable[str]) -> float:
        """Return what words weigh, 0 to 1, of as much as one sentence can be asked to hold."""
        return min(1.0, sum(self.weights[stem] for stem in held) / _ENOUGH)

    def part(self, text: str) -> float:
        """Return what a text holds, 0 to 1, of all that the problem says."""
        return sum(self.weights[stem] for stem in self.held(text)) / (sum(self.weights.values()) or 1.0)

    def _rarity(self, passages: Collection[Evidence]) -> dict[str, float]:
        held = [self.held(f"{one.document.title} {one.passage.heading} {one.passage.text}") for one in passages]
        number = {stem: max(_COMMON, sum(stem in one for one in held)) for stem in self.tellers}
        return {stem: max(0.0, math.log((len(held) + 1) / (many + 0.5))) for stem, many in number.items()}


def names_in(text: str) -> list[str]:
    """Return the names in a text as they stand in it, without words that only open a sentence."""
    found = []
    for match in _NAME.finditer(text):
        before = text[: match.start()].rstrip(" \"'“‘(*-")[-1:]
        if before not in _OPENS or not match.group()[1:].islower():
            found.append(match.group())
    return list(dict.fromkeys(found))


def without_planning(sentence: str) -> str:
    """Leave out of a sentence what every staff is told to do with any problem; its purpose stays."""
    return " ".join(_PURPOSE.findall(sentence)) if _PLANS.search(sentence) else sentence


def _tellers(text: str, language: Language) -> dict[str, dict[Language, frozenset[str]]]:
    tellers: dict[str, dict[Language, frozenset[str]]] = {}
    parts = _parts(text) if language == "nl" else {}
    for own in LANGUAGES:
        for stem, telling in words_asked(text, language, of=own):
            if len(stem) >= _SHORTEST_STEM and not any(map(str.isdigit, stem)):
                more = parts.get(stem, frozenset()) if own == "nl" else frozenset()
                tellers.setdefault(stem, {})[own] = telling | more
    return tellers


@lru_cache(maxsize=4096)
def _stems_by_language(text: str) -> Mapping[Language, frozenset[str]]:
    parts = frozenset[str]().union(*_parts(text).values())
    return {"nl": frozenset(stems(text, "nl")) | parts, "en": frozenset(stems(text, "en"))}


def _parts(text: str) -> dict[str, frozenset[str]]:
    """Return the stems of the parts of Dutch compounds, by the stem of the compound."""
    found = {}
    for word in content_words(text):
        parts = [part for part in parts_of_compound(fold(word)) if len(part) >= _SHORTEST_PART]
        if parts:
            found.update(dict.fromkeys(stems(word, "nl"), frozenset(stems(" ".join(parts), "nl"))))
    return found
