"""Take Dutch compounds apart: bevoorradingsroute is bevoorrading and route.

The parts come from a fixed lexicon and not from the corpora, so that what is indexed today compares with what is
indexed tomorrow. After Koehn & Knight 2003, "Empirical Methods for Compound Splitting", with the fewest and then the
longest first parts in place of frequencies. Knows nothing of stems or weights."""

from collections.abc import Set
from functools import cache, lru_cache

from retrieval.folding import fold
from retrieval.terms import packaged_terms, packaged_text

_SHORTEST_COMPOUND = 7
_LONGEST_COMPOUND = 60
_SHORTEST_PART = 3
# Of terms, that were not written to be parts of words: 'ver' is no part of verdrag.
_SHORTEST_TERM = 4
_MOST_PARTS = 4
# What Dutch puts between parts.
_LINKS = ("", "s", "en", "n", "e", "-", "s-")
# What makes another form of the last part: routes, brieven, adressen, briefje.
_ENDINGS = ("", "s", "en", "n", "es", "je", "jes", "tje", "tjes")


@lru_cache(maxsize=1 << 16)
def parts_of_compound(word: str) -> tuple[str, ...]:
    """Return the parts of a folded Dutch word in their order, as the lexicon writes them; () when it is no compound."""
    if not _SHORTEST_COMPOUND <= len(word) <= _LONGEST_COMPOUND or word in _lexicon():
        return ()
    return _cut(word, _MOST_PARTS, _lexicon())


def _cut(word: str, most: int, lexicon: Set[str]) -> tuple[str, ...]:
    """Return the best way to cut a word into two to `most` parts; () when there is none."""
    best: tuple[str, ...] = ()
    # The longest first part first: of two ways with as many parts it is the likelier.
    for end in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        if word[:end] not in lexicon:
            continue
        for link in _LINKS:
            rest = word[end + len(link) :]
            if len(rest) < _SHORTEST_PART or not word.startswith(link, end):
                continue
            last = _as_last(rest, lexicon)
            others = (last,) if last else _cut(rest, most - 1, lexicon) if most > 2 else ()
            if others and (not best or len(others) + 1 < len(best)):
                best = (word[:end], *others)
    return best


def _as_last(word: str, lexicon: Set[str]) -> str:
    """Return the word of the lexicon of which this is a form; '' when there is none."""
    stems = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return next((stem for stem in stems if len(stem) >= _SHORTEST_PART and stem in lexicon), "")


@cache
def _lexicon() -> frozenset[str]:
    """Return the simple words: those of the list of parts, and the Dutch terms that are no compounds of others."""
    lines = packaged_text("parts.txt").splitlines()
    simple = {fold(word) for line in lines if not line.startswith("#") for word in line.split()}
    terms = {fold(form) for term in packaged_terms() for form in term.nl if form.isalpha() and form.islower()}
    # Shortest first: what a word is made of is known before the word.
    for word in sorted(terms, key=lambda word: (len(word), word)):
        if len(word) >= _SHORTEST_TERM and not _cut(word, _MOST_PARTS, simple):
            simple.add(word)
    return frozenset(simple)
