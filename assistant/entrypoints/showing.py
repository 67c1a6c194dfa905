"""Turn evidence, claims and answers into the Markdown that the chat shows.

Everything that comes from a document, a model, a person or a setting goes through `escaping`; the only Markdown that
has an effect is written here. Knows nothing of how it reaches the screen."""

from collections.abc import Iterable, Sequence

from assistant.answers import Answer, Citation, Claim, Evidence, Origin
from assistant.entrypoints.escaping import marked, plain
from assistant.entrypoints.phrases import counted, phrase
from assistant.wording import say
from retrieval.languages import Language

# Blocks are apart by an empty line.
_APART = "\n\n"
# What follows a rule is set small by the style sheet: it is about the answer and not of it.
_SMALL_PRINT = "---"
_MODEL_FAILED = "the language model failed"


def label_of(label: int) -> str:
    """Return the name under which a passage is cited; the chat makes a link of it wherever it stands."""
    return f"[{label}]"


def list_sources(evidence: Iterable[Evidence], language: Language) -> str:
    """Return a list of labels with the title, page and marking of their passages."""
    return "\n".join(
        f"- {label_of(one.label)} {_place(one.document.title, one.passage.page, language)} · {plain(str(one.marking))}"
        for one in evidence
    )


def open_passage(evidence: Evidence, cited: Iterable[Citation], language: Language) -> str:
    """Return the passage with its place in a document above it, and in bold what is quoted from it.

    Only what stands in the passage word for word is set in bold."""
    passage, document = evidence.passage, evidence.document
    ranges = [
        (citation.start - passage.start, citation.end - passage.start)
        for citation in cited
        if passage.text[max(citation.start - passage.start, 0) : citation.end - passage.start] == citation.quote
    ]
    place = f"{plain(f'{document.corpus}/{document.key}')} · {plain(str(evidence.marking))}"
    above = [f"#### {_place(document.title, passage.page, language)}", place]
    if passage.heading:
        above.append(plain(_one_line(passage.heading)))
    return _APART.join([*above, "---", marked(passage.text, ranges)])


def write_claim(claim: Claim, language: Language) -> str:
    """Return a claim with its labels: a quote as a quotation with its place below it, a statement as a sentence."""
    text = plain(_one_line(claim.text))
    if claim.origin is Origin.MODEL:
        return f"{text} {_labels(claim.citations)}{_APART}"
    places = dict.fromkeys((one.label, one.title, one.page) for one in claim.citations)
    below = "; ".join(f"{label_of(label)} {_place(title, page, language)}" for label, title, page in places)
    return f"> {text}\n>\n> {below}{_APART}"


def write_heading(name: str, language: Language) -> str:
    return f"#### {phrase(name, language)}{_APART}"


def write_abstention(answer: Answer, language: Language) -> str:
    """Return the sentence that says there is no answer, and the nearest passages as nearest."""
    sentence = f"{plain(answer.text)}{_APART}"
    if not answer.evidence:
        return sentence
    return f"{sentence}{write_heading('nearest', language)}{list_sources(answer.evidence, language)}{_APART}"


def write_small_print(answer: Answer, language: Language) -> str:
    """Return what a reader must know about an answer besides its claims; '' when there is nothing."""
    lines = []
    if answer.conflicts:
        lines.append(f"{phrase('conflicts', language)}. {' '.join(map(plain, answer.conflicts))}")
    if any(note.startswith(_MODEL_FAILED) for note in answer.trace.notes):
        lines.append(say("model failed", language))
    if answer.withheld:
        lines.append(counted("withheld", len(answer.withheld), language))
    if answer.unresolved:
        lines.append(counted("unresolved", answer.unresolved, language))
    if answer.marking is not None:
        lines.append(phrase("marking", language, marking=plain(str(answer.marking))))
    return _APART.join([_SMALL_PRINT, *lines]) if lines else ""


def write_draft(text: str) -> str:
    """Return what the model has written so far."""
    return plain(text)


def write_problem(sentence: str, reference: str, language: Language) -> str:
    """Return a sentence about what went wrong, with the number under which the log tells more."""
    return f"{plain(sentence)} {phrase('reference', language, reference=reference)}."


def _place(title: str, page: int | None, language: Language) -> str:
    name = plain(_one_line(title))
    return name if page is None else f"{name}, {phrase('page', language, page=page)}"


def _labels(citations: Sequence[Citation]) -> str:
    return "".join(label_of(label) for label in dict.fromkeys(one.label for one in citations))


def _one_line(text: str) -> str:
    return " ".join(text.split())
