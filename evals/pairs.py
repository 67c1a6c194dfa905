"""Claims beside the text that they cite, with what a person says of them: what a verifier is measured on.

Reads the project's own set (JSON Lines), and makes such pairs of HaluEval's and SciFact's files. Measures nothing."""

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from evals.sets import SHIPPED
from retrieval.errors import StafwijzerError
from retrieval.languages import LANGUAGES, Language
from retrieval.lexical import content_words

SHIPPED_PAIRS = SHIPPED / "verifier.jsonl"
DEVELOPMENT_PAIRS = SHIPPED / "verifier-development.jsonl"
"""Harder paraphrases, written by whoever wrote the rules: what is held out of these is no test by a stranger."""
SUPPORTED = "supported"
FALSE_LABELS = (
    "number changed",
    "negated",
    "names swapped",
    "unrelated",
    "condition dropped",
    "modality changed",
    "unit changed",
)
FIT, HELD_OUT = "fit", "held out"
REPLACED = "word replaced"
_WORD = re.compile(r"(?<=\s)[^\W\d_A-Z][^\W\d_A-Z]{4,}\b")
_HINT = "A line holds id, language, text, claim, label and part, as in examples/verifier.jsonl."


class PairsInvalid(StafwijzerError):
    """A file does not hold pairs of claim and text."""


@dataclass(frozen=True, slots=True)
class Pair:
    id: str
    language: Language
    text: str
    claim: str
    label: str
    """SUPPORTED, or one of FALSE_LABELS: what was done to a supported claim."""
    part: str
    """FIT: to choose by. HELD_OUT: to report on."""

    @property
    def supported(self) -> bool:
        return self.label == SUPPORTED


def read_pairs(path: Path = SHIPPED_PAIRS) -> list[Pair]:
    """Read a file of pairs, one JSON object a line. Raises PairsInvalid, naming the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PairsInvalid(f"{path} cannot be read ({error}).", hint="Check the path.") from error
    pairs = [_pair(line, f"{path}, line {number}") for number, line in enumerate(lines, start=1) if line.strip()]
    if not pairs:
        raise PairsInvalid(f"{path} holds no pairs.", hint=_HINT)
    if len({pair.id for pair in pairs}) < len(pairs):
        raise PairsInvalid(f"{path} gives an id to two pairs.", hint="Give each its own.")
    return pairs


def with_a_word_replaced(pairs: Sequence[Pair], *, seed: int) -> list[Pair]:
    """Return each supported pair with one word of its claim replaced by a word of another text in its language.

    Words that carry meaning only, no names and no numbers. It is what a small language model does; now and then the new
    word happens to fit. A claim without such a word is left out."""
    draw = random.Random(seed)  # noqa: S311 (a sample, not a secret)
    vocabulary = {
        language: sorted({word for one in pairs if one.language == language for word in _words(one.text)})
        for language in LANGUAGES
    }
    changed = []
    for pair in pairs:
        places = [match for match in _WORD.finditer(pair.claim) if content_words(match[0])]
        others = [word for word in vocabulary[pair.language] if word not in pair.text and word not in pair.claim]
        if pair.supported and places and others:
            place = draw.choice(places)
            claim = pair.claim[: place.start()] + draw.choice(others) + pair.claim[place.end() :]
            changed.append(replace(pair, id=f"{pair.id}-word", claim=claim, label=REPLACED))
    return changed


def halueval_pairs(folder: Path) -> list[Pair]:
    """Read HaluEval's qa files: the right answer, and the invented one, each as a claim about the knowledge.

    The answer alone is the claim: to make one of question and answer takes a language model. Right ones are mostly a
    few words and invented ones sentences, so that length tells much. Raises PairsInvalid."""
    return [
        Pair(f"{path.stem}-{number}-{label}", "en", told["knowledge"], told[key], label, HELD_OUT)
        for path in sorted(folder.glob("qa_*.json"))
        for number, told in enumerate(_objects(path, "knowledge", "right_answer", "hallucinated_answer"))
        for key, label in (("right_answer", SUPPORTED), ("hallucinated_answer", "invented"))
    ]


def scifact_pairs(folder: Path, *, count: int, seed: int) -> list[Pair]:
    """Draw claims of SciFact: each with the abstract that bears on it, and with one that was cited for another claim.

    The qrels say that an abstract bears on a claim, not whether it supports or refutes it; so 'cited' pairs have no
    truth, and only those with another's abstract are known to be unsupported. Raises PairsInvalid."""
    abstracts = {told["_id"]: told["text"] for told in _objects(folder / "corpus.jsonl", "_id", "text")}
    claims = {told["_id"]: told["text"] for told in _objects(folder / "queries.jsonl", "_id", "text")}
    rows = (folder / "qrels" / "train.tsv").read_text(encoding="utf-8").splitlines()[1:]
    cited = [(claims[query], abstracts[document]) for query, document, *_ in (row.split("\t") for row in rows)]
    draw = random.Random(seed)  # noqa: S311
    drawn = draw.sample(cited, min(count, len(cited)))
    pairs = []
    for number, (claim, abstract) in enumerate(drawn):
        other = draw.choice([text for _, text in drawn if text != abstract])
        for label, text in (("cited", abstract), ("another's abstract", other)):
            pairs.append(Pair(f"scifact-{number}-{label}", "en", text, claim, label, HELD_OUT))
    return pairs


def as_line(pair: Pair) -> str:
    """Return a pair as a line of a set."""
    return json.dumps(asdict(pair), ensure_ascii=False)


def _pair(line: str, place: str) -> Pair:
    try:
        told = json.loads(line)
        pair = Pair(**told)
    except (ValueError, TypeError) as error:
        raise PairsInvalid(f"{place} is not a pair ({error}).", hint=_HINT) from error
    if not all(isinstance(getattr(pair, one.name), str) and getattr(pair, one.name).strip() for one in fields(pair)):
        raise PairsInvalid(f"{place} has an empty field.", hint=_HINT)
    for name, known in (("language", LANGUAGES), ("label", (SUPPORTED, *FALSE_LABELS)), ("part", (FIT, HELD_OUT))):
        if getattr(pair, name) not in known:
            raise PairsInvalid(f"{place}: {name} is none of: {', '.join(known)}.", hint=_HINT)
    return pair


def _words(text: str) -> Iterator[str]:
    return (word for word in _WORD.findall(text) if content_words(word))


def _objects(path: Path, *keys: str) -> Iterator[dict[str, str]]:
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            told = json.loads(line)
            if not isinstance(told, dict) or any(not isinstance(told.get(key), str) for key in keys):
                raise PairsInvalid(f"{path}, line {number} has no {', '.join(keys)}.", hint="Check the path.")
            yield told
    except (OSError, ValueError) as error:
        raise PairsInvalid(f"{path} cannot be read ({error}).", hint="Check the path.") from error
