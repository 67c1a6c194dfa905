"""Say what the words of a query are called in the other language. Knows no index and no weights."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.compounds import parts_of_compound
from retrieval.languages import Language
from retrieval.lexical import Word, stems, words_of
from retrieval.terms import Term

_LONGEST_TERM = 5


@dataclass(frozen=True, slots=True)
class Rendered:
    """A stretch of a text and what it is called in the other language."""

    source: str
    targets: tuple[str, ...]
    """Most usual first. Empty: no term is known for it."""


class Vocabulary:
    """Terms by their stems, so that plurals and inflections are found. Of equal ones the first given comes first."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._targets: dict[Language, dict[tuple[str, ...], tuple[str, ...]]] = {"nl": {}, "en": {}}
        for term in terms:
            self._add("nl", term.nl, term.en)
            self._add("en", term.en, term.nl)

    def render(self, text: str, language: Language) -> list[Rendered]:
        """Cut a text into terms, the longest first, and render each; function words are left out.

        Of a Dutch compound that is no term its parts are rendered."""
        words = words_of(text, language)
        rendered, at = [], 0
        while at < len(words):
            length, targets = self._longest(words[at : at + _LONGEST_TERM], language)
            if targets:
                rendered.append(Rendered(" ".join(word.text for word in words[at : at + length]), targets))
            else:
                rendered += self._parts(words[at], language)
            at += length
        return rendered

    def _longest(self, words: Sequence[Word], language: Language) -> tuple[int, tuple[str, ...]]:
        for length in range(len(words), 0, -1):
            if targets := self._targets[language].get(tuple(word.stem for word in words[:length])):
                return length, targets
        return 1, ()

    def _parts(self, word: Word, language: Language) -> list[Rendered]:
        parts = parts_of_compound(word.text) if language == "nl" else ()
        found = [Rendered(part, self._targets["nl"].get(tuple(stems(part, "nl")), ())) for part in parts]
        return found if any(one.targets for one in found) else [Rendered(word.text, ())]

    def _add(self, language: Language, forms: Sequence[str], targets: Sequence[str]) -> None:
        for form in forms:
            key = tuple(stems(form, language))
            if key and len(key) <= _LONGEST_TERM:
                before = self._targets[language].get(key, ())
                self._targets[language][key] = tuple(dict.fromkeys((*before, *targets)))


def gloss(rendered: Iterable[Rendered]) -> str:
    """Return a text word by word in the other language: no sentence, but near it in meaning."""
    return " ".join(one.targets[0] if one.targets else one.source for one in rendered)
