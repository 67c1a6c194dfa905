"""Choose the sentences of the evidence that answer a question, and copy them.

A quote is a range of a stored passage: software copies it, no model ever writes it. Knows nothing of prompts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answers import Citation, Evidence
from assistant.asking import Kind, holds, kind_of, names_one
from assistant.matching import Matcher
from retrieval.embedding import Embedder
from retrieval.lexical import content_words, stems
from retrieval.sentences import sentence_ranges

# Shorter pieces are numbers of paragraphs, running titles and crumbs of tables: they answer nothing by themselves.
_SHORTEST_CHARACTERS = 12
_LONGEST_CHARACTERS = 600
# 'Those responsible are:' answers nothing without what follows it.
_OPENS_LIST = re.compile(r"[:—–]\s*$|[:—–]\s+[•●▪◦*-]\s")
_LONGEST_LIST_CHARACTERS = 400
_ROWS = re.compile(r" \| [^\n]*\n[^\n]* \| ")
_ITEM = re.compile(r"(?:[•●▪◦*-]\s)?\s*(?P<item>\S(?:(?!\s+[•●▪◦]\s).)*)\s*", re.DOTALL)
# What counts beside similarity, which counts 1: the words of a sentence, those that only the sentence before it has
# (what 'it' stands for), those of its passage, a thing of the kind that is asked for, a name beside the word that says
# which sort ('which bridge'), too few words to say anything, and each rank of the passage. Chosen on half of SQuAD 2's
# articles and half of clapnq and AIT-QA. Held out, answer shown and median words: SQuAD 2 0.884 in 44 words (N 302),
# XQuAD 0.936 in 42 (N 173), doctrine 0.740 in 56 (N 77); without names beside the sort of thing asked for 0.884 in 45,
# 0.936 in 42 and 0.727 in 60.
_WORDS = 0.75
_BEFORE = 0.5
_CONTEXT = 0.5
_KIND = 0.2
# 0.1 to 0.3 tell apart little: of 82 questions fitted on where a sentence has such a name, the answer is shown for 64
# without, 66 with 0.1, 65 with 0.2 and 0.3. Held out (N 102): 88, 88, 89 and 87; in fewer words.
_NAMED = 0.2
_CRUMB = 0.5
_RANK = 0.05
_FEWEST_WORDS = 4
# Embedding is what ranking takes its time for. Of five sets none shows another answer with 12 embedded than with all,
# but for doctrine: 0.714 with 12, 0.727 with 24 and with all (of 44 in the median).
_EMBEDDED = 24
# A quote is shown beside the best one when its score is at most this much lower.
_NEAR_BEST = 0.3


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the evidence and how well it speaks to the question."""

    evidence: Evidence
    start: int
    end: int
    """Offsets into the passage's text."""
    similarity: float
    """Cosine of its embedding with the question's. 0 when by its words it had no chance and was not embedded."""
    coverage: float
    """Share, 0 to 1, of the weight of the question's words that stand in it."""
    context_coverage: float
    """The same with the words of its passage and headings."""
    score: float

    @property
    def text(self) -> str:
        return self.evidence.passage.text[self.start : self.end]


def rank_sentences(query: str, evidence: Sequence[Evidence], *, embedder: Embedder, trust: float) -> list[Sentence]:
    """Return all sentences of the evidence, best first. `trust` (0 to 1): how well the embedder knows the language."""
    by_words = sorted(_by_words(query, evidence), key=_best_first)
    likely = by_words[:_EMBEDDED]
    if not likely:
        return []
    vectors = embedder.embed_passages([sentence.text for sentence in likely])
    similarities = (vectors @ embedder.embed_query(query)).tolist()
    compared = [
        replace(sentence, similarity=similarity, score=sentence.score + trust * similarity)
        for sentence, similarity in zip(likely, similarities, strict=True)
    ]
    return sorted([*compared, *by_words[_EMBEDDED:]], key=_best_first)


def _by_words(query: str, evidence: Sequence[Evidence]) -> Iterator[Sentence]:
    """Yield the sentences of the evidence with the score that they have without their meaning."""
    matcher, kind = Matcher(query, evidence), kind_of(query)
    for one in evidence:
        before: frozenset[str] = frozenset()
        context = matcher.context(one)
        for start, end in _pieces(one.passage.text):
            text = one.passage.text[start:end]
            words = frozenset(stems(text, one.language))
            coverage = matcher.covered(words)
            held = kind is not Kind.OTHER and holds(kind, text, question=query, language=one.language)
            crumb = not held and "|" not in text and len(words) < _FEWEST_WORDS
            score = _WORDS * coverage + _BEFORE * (matcher.covered(words | before) - coverage) + _CONTEXT * context
            score += _NAMED * names_one(text, question=query, language=one.language)
            score += _KIND * held - _CRUMB * crumb - _RANK * one.label
            yield Sentence(one, start, end, 0.0, coverage, context, score)
            before = words


def _best_first(sentence: Sentence) -> tuple[float, int, int]:
    return -sentence.score, sentence.evidence.label, sentence.start


def best_sentences(sentences: Sequence[Sentence], limit: int) -> list[Sentence]:
    """Return the best sentences, leaving out those far below the best and those that say the same again."""
    chosen: dict[str, Sentence] = {}
    for sentence in sentences:
        if len(chosen) == limit or sentences[0].score - sentence.score > _NEAR_BEST:
            break
        words = f" {' '.join(content_words(sentence.text))} "
        if not any(words in said or said in words for said in chosen):
            chosen[words] = sentence
    return list(chosen.values())


def cite(sentence: Sentence) -> Citation:
    """Copy the sentence out of its passage, with its place in the document."""
    evidence = sentence.evidence
    passage = evidence.passage
    return Citation(
        label=evidence.label,
        passage_id=passage.id,
        version_id=passage.version,
        corpus=evidence.document.corpus,
        document=evidence.document.key,
        title=evidence.document.title,
        page=passage.page,
        start=passage.start + sentence.start,
        end=passage.start + sentence.end,
        quote=sentence.text,
    )


def pieces_of(sentence: Sentence) -> list[Sentence]:
    """Return a list's opening words and its items one by one; of any other sentence the sentence itself."""
    text = sentence.evidence.passage.text
    inside = [
        item
        for start, end in _sentences_and_lines(text)
        if sentence.start <= start and end <= sentence.end
        for item in _items(text, start, end)
    ]
    if len(inside) < 2 or not _OPENS_LIST.search(text, *inside[0]):
        return [sentence]
    return [replace(sentence, start=start, end=end) for start, end in inside]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges that can be quoted: sentences, the lines of tables, and lists with the words that open them."""
    pieces = list(_sentences_and_lines(text))
    for position, (start, end) in enumerate(pieces):
        if _OPENS_LIST.search(text, start, end):
            end = max([end, *(stop for _, stop in pieces[position + 1 :] if stop - start <= _LONGEST_LIST_CHARACTERS)])
        yield start, end


def _sentences_and_lines(text: str) -> Iterator[tuple[int, int]]:
    for start, end in sentence_ranges(text):
        if end - start <= _LONGEST_CHARACTERS and not _ROWS.search(text, start, end):
            if end - start >= _SHORTEST_CHARACTERS:
                yield start, end
            continue
        # A table or a list without stops: its lines are its sentences.
        for line_start, line_end in _lines(text, start, end):
            if line_end - line_start >= _SHORTEST_CHARACTERS:
                yield line_start, line_end


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut before each bullet within a line: lists lose their line breaks on the way out of some documents."""
    for match in _ITEM.finditer(text, start, end):
        yield match.span("item")


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for line in text[start:end].splitlines(keepends=True):
        stripped = line.strip()
        offset = start + line.index(stripped)
        yield offset, offset + len(stripped)
        start += len(line)
