"""Find the words of a document that answer a question: the sentence or table row that holds the answer.

Never a whole paragraph: a passage is at most 1,000 characters, and a place is recognised by its quote in one of them.
Knows no format."""

import re
from functools import lru_cache

from retrieval.lexical import content_words
from retrieval.loading.composing import writable
from retrieval.sentences import Range, sentence_ranges

LONGEST_QUOTE = 200


def quote_at(text: str, start: int, end: int) -> str:
    """Return the sentence in which text[start:end] begins, cut at words to 200 characters around it."""
    # The splitter cuts between these same sentences, so that one of them is never cut over two passages.
    sentence = next((one for one in _sentences(text) if one[0] <= start < one[1]), (start, end))
    low, high = _clipped(text, sentence, start, min(end, sentence[1]))
    return writable(text[low:high])


def quote_of(text: str, answer: str, *, question: str = "") -> str:
    """Return the sentence that holds the answer, whatever its case and spaces; of several, the one that shares most
    words with the question. Empty when the text does not hold it."""
    words = set(content_words(question))
    best: tuple[int, str] = (-1, "")
    for match in _pattern(answer).finditer(text) if answer.strip() else ():
        quote = quote_at(text, *match.span())
        shared = len(words & set(content_words(quote)))
        if shared > best[0]:
            best = (shared, quote)
    return best[1]


def stands_in(text: str, words: str) -> bool:
    """Tell whether the words stand in the text by themselves, whatever their case and spaces."""
    return bool(words.strip()) and _pattern(words).search(text) is not None


def _pattern(answer: str) -> re.Pattern[str]:
    """Match an answer by itself: not in a longer word, '10' neither in '1.10' nor in '10,000'."""
    words = r"\s+".join(map(re.escape, answer.split()))
    before = r"(?<!\w)(?<!\d[.,])" if answer.strip()[0].isalnum() else ""
    after = r"(?!\w)(?![.,]\d)" if answer.strip()[-1].isalnum() else ""
    return re.compile(f"{before}{words}{after}", re.IGNORECASE)


def _clipped(text: str, sentence: Range, start: int, end: int) -> Range:
    low, high = sentence
    if high - low <= LONGEST_QUOTE:
        return sentence
    if end - start > LONGEST_QUOTE:
        cut = text.rfind(" ", start, start + LONGEST_QUOTE + 1)
        end = cut if cut > start else start + LONGEST_QUOTE
    spare = (LONGEST_QUOTE - (end - start)) // 2
    low, high = max(low, start - spare), min(high, end + spare)
    while sentence[0] < low < start and not text[low - 1].isspace():
        low += 1
    while end < high < sentence[1] and not text[high].isspace():
        high -= 1
    return low, high


# Questions about one document come together.
@lru_cache(maxsize=64)
def _sentences(text: str) -> list[Range]:
    return sentence_ranges(text)
