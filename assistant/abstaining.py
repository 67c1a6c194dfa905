"""Say that the documents do not answer, in a way that helps: what was searched, what they do say, whom to ask.

Decides nothing about whether to abstain. Names only what the asker may read."""

from collections.abc import Sequence
from datetime import date
from itertools import chain, zip_longest

from assistant.answers import Abstention, Answer, Citation, Evidence
from assistant.quoting import Sentence, best_sentences, cite
from assistant.scoping import Reach
from assistant.wording import say
from retrieval.languages import Language
from retrieval.lexical import content_words

_MOST_WORDS = 5


def abstain(
    query: str, reach: Reach, evidence: Sequence[Evidence], *rankings: Sequence[Sentence], quotes: int
) -> Abstention:
    """Gather what an abstention tells. `rankings`: the sentences for each part of the question, best first.

    At most `quotes` of them are cited as the nearest, but one for each part in any case."""
    found = {word for one in evidence for word in content_words(one.passage.text)}
    missing = [word for word in dict.fromkeys(content_words(query)) if word not in found]
    nearest = tuple(map(cite, _nearest(rankings, quotes)))
    return Abstention(reach.corpora, reach.owners, tuple(missing[:_MOST_WORDS]) if evidence else (), nearest)


def as_sentences(abstention: Abstention, language: Language) -> str:
    """Return an abstention as text, without what is nearest."""
    if not abstention.corpora:
        return say("no corpora", language)
    told = [say("abstained", language, corpora=", ".join(abstention.corpora))]
    if abstention.missing:
        told.append(say("missing words", language, words=", ".join(abstention.missing)))
    if abstention.owners:
        told.append(say("owner", language, owners=", ".join(abstention.owners)))
    return " ".join(told)


def request_for_information(answer: Answer, *, asker: str, asked_on: date) -> str:
    """Return an abstention as a request to the owners, in the language of the question. '' for an answer.

    Plain text, to be read and changed by a person before it is sent; nothing is sent from here. It carries the marking
    of everything that was searched out for it."""
    told, language = answer.abstention, answer.language
    if told is None:
        return ""
    lines = [
        say("request marking", language, marking=str(answer.marking or "-")),
        "",
        say("request title", language),
        say("request to", language, owners=", ".join(told.owners) or "-"),
        say("request from", language, asker=asker, day=asked_on.isoformat()),
        "",
        say("request question", language, question=" ".join(answer.question.split())),
        say("request searched", language, corpora=", ".join(told.corpora) or "-"),
    ]
    if told.missing:
        lines.append(say("missing words", language, words=", ".join(told.missing)))
    if told.nearest:
        lines += ["", say("request nearest", language), *(f"- {_quoted(citation)}" for citation in told.nearest)]
    return "\n".join([*lines, "", say("request wanted", language), say("reference", language, answer=answer.id)])


def _nearest(rankings: Sequence[Sequence[Sentence]], limit: int) -> list[Sentence]:
    """Return the best sentences of each part in turn, each once."""
    best = [best_sentences(sentences, limit) for sentences in rankings]
    once: dict[tuple[str, int], Sentence] = {}
    for sentence in filter(None, chain.from_iterable(zip_longest(*best))):
        once.setdefault((sentence.evidence.passage.id, sentence.start), sentence)
    return list(once.values())[: max(limit, len(rankings))]


def _quoted(citation: Citation) -> str:
    page = f", p. {citation.page}" if citation.page else ""
    return f"“{' '.join(citation.quote.split())}” ({citation.title}{page}; {citation.corpus}/{citation.document})"
