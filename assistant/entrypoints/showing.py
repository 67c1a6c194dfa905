"""Turn claims, conflicts and answers into the Markdown that the chat shows.

Everything that comes from a document, a model, a person or a setting goes through `escaping`; the only Markdown that
has an effect is written here. Knows nothing of how it reaches the screen."""

from collections.abc import Iterable, Sequence
from datetime import date

from assistant.answers import Answer, Citation, Claim, Conflict, Origin, Question, Side, Understood, Verdict
from assistant.citing import MARKS
from assistant.entrypoints.escaping import plain
from assistant.entrypoints.phrases import counted, phrase
from assistant.entrypoints.sourcing import label_of, one_line, place_of
from assistant.wording import say
from retrieval.access import Marking, high_water_mark
from retrieval.languages import Language

# Blocks are apart by an empty line.
_APART = "\n\n"
# What follows a rule is set small by the style sheet: it is about the answer and not of it.
_SMALL_PRINT = "---"
_MODEL_FAILED = "the language model failed"
_FORMATS = {"docx": "Word (DOCX)", "odt": "OpenDocument (ODT)", "pdf": "PDF", "md": "Markdown"}


def write_understood(understood: Understood, language: Language) -> str:
    """Return what is searched for, with the questions within it; '' when that is the question as it was asked."""
    if not (understood.rewritten or understood.parts):
        return ""
    lines = [phrase("searched for", language, query=plain(one_line(understood.query)))]
    if understood.parts:
        parts = " · ".join(plain(one_line(part)) for part in understood.parts)
        lines.append(phrase("searched parts", language, parts=parts))
    return _APART.join(lines) + _APART


def write_claim(claim: Claim, language: Language) -> str:
    """Return a claim with its labels and the mark of its verdict; a contradicted one says so in words.

    A quote is a quotation with its place below it, a statement of the model a sentence."""
    text, mark = plain(one_line(claim.text)), mark_of(claim.verdict, language)
    if claim.verdict is Verdict.CONFLICTING:
        mark = f"{mark} {phrase('conflicting', language)}"
    if claim.origin is Origin.MODEL:
        return f"{text} {_labels(claim.citations)} {mark}{_APART}"
    places = dict.fromkeys((one.label, one.title, one.page) for one in claim.citations)
    below = "; ".join(f"{label_of(label)} {place_of(title, page, language)}" for label, title, page in places)
    return f"> {text}\n>\n> {below} {mark}{_APART}"


def mark_of(verdict: Verdict, language: Language) -> str:
    """Return what a check found, as a sign and a word. Nothing else in an answer is bold."""
    return f"**{MARKS[verdict]} {phrase(f'mark {verdict}', language)}**"


def write_conflict(conflict: Conflict, language: Language) -> str:
    """Return the values that documents give for one thing as the rows of a table, and the rule that prefers one."""
    columns = [phrase(name, language) for name in ("value", "document", "dated", "marked", "status")]
    rows = [columns, ["---"] * len(columns)]
    rows += [_cells(side, number == conflict.prevails, language) for number, side in enumerate(conflict.sides)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    about = plain(one_line(conflict.about))
    return _APART.join([*([f"##### {about}"] if about else []), table, rule_of(conflict, language)]) + _APART


def rule_of(conflict: Conflict, language: Language) -> str:
    """Return why one side prevails, or that no rule decides."""
    if conflict.prevails is None:
        return phrase("no rule", language)
    label = label_of(conflict.sides[conflict.prevails].citation.label)
    return phrase(f"rule {conflict.rule}", language, label=label)


def write_heading(name: str, language: Language) -> str:
    return f"#### {phrase(name, language)}{_APART}"


def write_abstention(answer: Answer, language: Language) -> str:
    """Return the sentence that there is no answer and whom to ask, what the documents do say, the nearest passages."""
    written = f"{plain(answer.text)}{_APART}"
    if answer.abstention and answer.abstention.nearest:
        quotes = "".join(_quotation(citation, language) for citation in answer.abstention.nearest)
        written += write_heading("nearest quotes", language) + quotes
    if answer.evidence:
        written += phrase("nearest above", language) + _APART
    return written


def write_remainder(answer: Answer, language: Language) -> str:
    """Return the parts of a question that stay unanswered and, where it is struck through, what is not supported."""
    written = "".join(
        say("unanswered part", language, part=plain(one_line(part))) + _APART for part in answer.unanswered
    )
    if answer.strikes and answer.withheld:
        struck = "".join(f"{_struck(claim, language)}{_APART}" for claim in answer.withheld)
        written += f"#### {say('unverified', language)}{_APART}{struck}"
    return written


def write_small_print(answer: Answer, language: Language) -> str:
    """Return what a reader must know about an answer besides its claims; '' when there is nothing."""
    lines = [write_legend(language)] if shown_verdicts(answer) else []
    if any(note.startswith(_MODEL_FAILED) for note in answer.trace.notes):
        lines.append(say("model failed", language))
    if answer.withheld and not answer.strikes:
        lines.append(counted("withheld", len(answer.withheld), language))
    if answer.unresolved:
        lines.append(counted("unresolved", answer.unresolved, language))
    told = [phrase("marking", language, marking=plain(str(answer.marking)))] if answer.marking is not None else []
    if seconds := answer.trace.timings.get("answered"):
        told.append(phrase("total", language, seconds=f"{seconds:.1f}"))
    lines += [" · ".join(told)] if told else []
    lines.append(write_exports([answer.id], language))
    return _APART.join([_SMALL_PRINT, *lines]) if lines else ""


def legend(answer: Answer, language: Language) -> str:
    """Return what each mark that stands in the answer means."""
    return " · ".join(f"{MARKS[verdict]} {phrase(verdict, language)}" for verdict in shown_verdicts(answer))


def shown_verdicts(answer: Answer) -> list[Verdict]:
    """Return the verdicts of the claims that are shown, in a fixed order."""
    shown = {claim.verdict for claim in (*answer.claims, *(answer.withheld if answer.strikes else ()))}
    return [verdict for verdict in Verdict if verdict in shown]


def write_legend(language: Language) -> str:
    """Return what each mark means, also of those that an answer lacks: a mark says most beside the others."""
    told = " · ".join(f"{mark_of(verdict, language)} {phrase(verdict, language)}" for verdict in Verdict)
    return f"{phrase('legend', language)}: {told}"


def write_exports(answers: Sequence[str], language: Language) -> str:
    """Return links to answers as files: to one, or to all those of a conversation."""
    words = phrase("take along", language)
    if len(answers) > 1:
        words = phrase("take along all", language, count=len(answers))
    links = (f"[{name}]({export_address(answers, format)})" for format, name in _FORMATS.items())
    return f"{words}: {' · '.join(links)}"


def export_address(answers: Sequence[str], format: str) -> str:
    """Return where answers are had as a file."""
    return f"/answers/{','.join(answers)}/export/{format}"


def write_again(question: Question, language: Language) -> str:
    """Return that a question is asked once more."""
    return phrase("asked again", language, question=plain(one_line(question.text))) + _APART


def write_choice(question: Question, names: Iterable[str], *, today: date, language: Language) -> str:
    """Return within what a question is asked, where that is not all there is today; '' where it is."""
    told = []
    if listed := ", ".join(map(plain, names)):
        told.append(phrase("within", language, names=listed))
    if question.on_date != today:
        told.append(phrase("as of", language, day=question.on_date.isoformat()))
    return _APART.join(told) + _APART if told else ""


def write_banner(markings: Iterable[Marking]) -> str:
    """Return the marking of all that a conversation shows, for the page to keep in sight; '' for nothing.

    No order between two policies is known, so that of each is told. Only this is a heading of the sixth level."""
    by_policy: dict[str, list[Marking]] = {}
    for marking in markings:
        by_policy.setdefault(marking.policy, []).append(marking)
    marks = [str(high_water_mark(some)) for some in by_policy.values()]
    return f"###### {plain(' + '.join(marks))}{_APART}" if marks else ""


def write_request(text: str) -> str:
    """Return a request for information as it is to be copied."""
    return plain(text)


def write_draft(text: str) -> str:
    """Return what the model has written so far."""
    return plain(text)


def write_problem(sentence: str, reference: str, language: Language) -> str:
    """Return a sentence about what went wrong, with the number under which the log tells more."""
    return f"{plain(sentence)} {phrase('reference', language, reference=reference)}."


def _cells(side: Side, prevails: bool, language: Language) -> list[str]:
    citation = side.citation
    return [
        plain(one_line(side.value)),
        f"{label_of(citation.label)} {place_of(citation.title, citation.page, language)}",
        side.dated.isoformat() if side.dated else phrase("undated", language),
        plain(str(side.marking)),
        # A question is answered from what is in force on its day, so each side is.
        phrase("prevails" if prevails else "in force", language),
    ]


def _struck(claim: Claim, language: Language) -> str:
    reasons = f" ({plain('; '.join(claim.reasons))})" if claim.reasons else ""
    # Without a text between them the marks would open a block of code.
    text = plain(one_line(claim.text) or "-")
    return f"~~{text}~~ {_labels(claim.citations)} {mark_of(claim.verdict, language)}{reasons}"


def _quotation(citation: Citation, language: Language) -> str:
    place = f"{label_of(citation.label)} {place_of(citation.title, citation.page, language)}"
    return f"> {plain(one_line(citation.quote))}\n>\n> {place}{_APART}"


def _labels(citations: Sequence[Citation]) -> str:
    return "".join(label_of(label) for label in dict.fromkeys(one.label for one in citations))
