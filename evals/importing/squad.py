"""Read SQuAD 1.1 and 2.0 (Rajpurkar et al. 2016, 2018), and XQuAD (Artetxe et al. 2020), which has the same layout.

A paragraph is a document. A folder of XQuAD asks the questions of one language of the documents in English: the file
of that language gives the questions, and answers in either language are right."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from evals.cases import Relevant
from evals.importing.answers import checkable, ways
from evals.importing.gathering import Gathering, Imported, Options
from evals.importing.quotes import quote_at
from evals.importing.reading import Identity, files_of, not_this_format, read_json

_NAME = "SQuAD"
_DOCUMENTS_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class _Answer:
    text: str
    answer_start: int


@dataclass(frozen=True, slots=True)
class _Question:
    id: Identity
    question: str
    answers: list[_Answer]
    is_impossible: bool = False


@dataclass(frozen=True, slots=True)
class _Paragraph:
    context: str
    qas: list[_Question]


@dataclass(frozen=True, slots=True)
class _Article:
    paragraphs: list[_Paragraph]
    title: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    data: list[_Article]


def import_squad(source: Path, options: Options) -> Imported:
    """Read a file, or a folder with XQuAD's files. Raises SourceInvalid."""
    path, translation = _files(source, options.language)
    translated = _questions(translation) if translation else {}
    gathering = Gathering("squad", path.name if translation is None else source.name, language=options.language)
    for number, article in enumerate(read_json(path, _File, format_name=_NAME).data):
        for place, paragraph in enumerate(article.paragraphs):
            title = article.title.replace("_", " ")
            key = gathering.document(f"{number}-{place}", paragraph.context, title=title)
            for question in paragraph.qas:
                _add(gathering, key, paragraph.context, question, translated if translation else None)
    return gathering.imported()


def _add(gathering: Gathering, key: str, context: str, one: _Question, translated: dict[str, _Question] | None) -> None:
    asked = one if translated is None else translated.get(one.id)
    if asked is None:
        gathering.leave_out(one.id, "it is not in the file of the questions' language")
        return
    answers = [] if one.is_impossible else one.answers
    spans = Counter((answer.answer_start, answer.answer_start + len(answer.text)) for answer in answers if answer.text)
    if any(context[answer.answer_start :][: len(answer.text)] != answer.text for answer in answers):
        gathering.leave_out(one.id, "its answer does not stand where it says")
        return
    # Annotators mark the answer in several places; where most did is enough.
    places = [Relevant(key, quote=quote_at(context, *span)) for span, _ in spans.most_common(1)]
    texts = [answer.text for answer in [*answers, *(asked.answers if answers else [])]]
    gathering.case(
        one.id,
        asked.question,
        answerable=not one.is_impossible,
        expected=[way for text in checkable(texts) for way in ways(text)],
        relevant=places,
        tags=["cross-lingual"] if translated is not None else ["extractive" if answers else "adversarial"],
    )


def _files(source: Path, language: str) -> tuple[Path, Path | None]:
    """Return the file with the documents, and the one with the questions if it is another."""
    if not source.is_dir():
        return files_of(source, "*.json", format_name=_NAME)[0], None
    alone = list(source.glob("*.json"))
    if len(alone) == 1:
        return alone[0], None
    found = files_of(source, f"*.{language}.json", format_name=_NAME)
    if language == _DOCUMENTS_LANGUAGE:
        return found[0], None
    return files_of(source, f"*.{_DOCUMENTS_LANGUAGE}.json", format_name=_NAME)[0], found[0]


def _questions(path: Path) -> dict[str, _Question]:
    articles = read_json(path, _File, format_name=_NAME).data
    found = {one.id: one for article in articles for paragraph in article.paragraphs for one in paragraph.qas}
    if not found:
        raise not_this_format(path, _NAME, "which holds no questions")
    return found
