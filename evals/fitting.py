"""Fit the parameters of the answerability estimate on public test sets, and measure them on what was held out.

    python -m evals.fitting ../shared/data     writes assistant/answerability.json

English: SQuAD 2 questions with an answer, the same with the document withheld, and adversarial ones without. Dutch,
which the default embedder does not know: government questions with and without their document. Changes nothing else."""

import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.answerability import signals
from assistant.answers import Evidence
from assistant.quoting import rank_sentences
from assistant.selecting import select
from assistant.settings import AnswerSettings
from assistant.surroundings import prepare
from retrieval.access import Marking, Principal, scope_for
from retrieval.blobs import BlobStore
from retrieval.catalog import Catalog, Corpus
from retrieval.embedding import SentenceTransformerEmbedder, default_embedder_folder
from retrieval.index import EdgeIndex
from retrieval.ingesting import Ingestion
from retrieval.searching import Retriever

_TARGET = Path(__file__).parents[1] / "assistant" / "answerability.json"
_SEED = 7
_QUESTIONS = 400
"""Of each kind of SQuAD 2 question."""
_ANSWERED_SHARE = 0.9
"""The operating point lets this share of the answerable questions through."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    question: str
    documents: frozenset[str]
    """Record ids of the documents that answer it, or would."""
    answerable: bool
    group: str
    """Questions of one group are all fitted on or all held out."""


@dataclass(frozen=True, slots=True)
class Observed:
    best: float
    similarity: float
    answerable: bool
    held_out: bool


def main(data: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        parameters, report = {}, {}
        for name, corpus, asked in _sets(data / "sets", Path(folder)):
            observed = list(_observe(Path(folder) / name, corpus, asked, known=name == "known"))
            parameters[name], report[name] = _fit([one for one in observed if not one.held_out]), observed
    measured = {name: _measure(parameters[name], observed) for name, observed in report.items()}
    told = {
        "provenance": "evals/fitting.py on SQuAD 2 (known: the embedder knows the language) and govbench_nl (foreign)",
        "embedder": "all-MiniLM-L6-v2",
        "seed": _SEED,
        "measured on held-out questions": measured,
        "parameters": parameters,
    }
    _TARGET.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(told, indent=2))


def _sets(sets: Path, folder: Path) -> Iterator[tuple[str, Path, list[Asked]]]:
    draw = random.Random(_SEED)  # noqa: S311 (a sample, not a secret)
    squad = json.loads((sets / "squad2_en" / "dev-v2.0.json").read_text(encoding="utf-8"))["data"]
    records, asked = [], []
    for number, article in enumerate(squad):
        for place, paragraph in enumerate(article["paragraphs"]):
            identifier = f"{number}-{place}"
            records.append({"_id": identifier, "title": article["title"], "text": paragraph["context"]})
            asked += [
                Asked(one["question"], frozenset({identifier}), not one["is_impossible"], str(number))
                for one in paragraph["qas"]
            ]
    corpus = folder / "squad.jsonl"
    corpus.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    drawn = [
        one for kind in (True, False) for one in draw.sample([it for it in asked if it.answerable is kind], _QUESTIONS)
    ]
    yield "known", corpus, drawn
    govbench = sets / "govbench_nl"
    relevant: dict[str, set[str]] = {}
    for path in sorted((govbench / "qrels").iterdir()):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            query, document, *_ = line.split("\t")
            relevant.setdefault(query, set()).add(document)
    lines = (govbench / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    queries = [json.loads(line) for line in lines]
    dutch = [Asked(one["text"], frozenset(relevant[one["_id"]]), True, one["_id"]) for one in queries]
    yield "foreign", govbench / "corpus.jsonl", dutch


def _observe(home: Path, corpus: Path, asked: Sequence[Asked], *, known: bool) -> Iterator[Observed]:
    """Yield what is seen of each question, and of each answerable one once more without its document."""
    embedder = SentenceTransformerEmbedder(default_embedder_folder())
    marking = Marking("NLD", "Ongerubriceerd")
    catalog = Catalog(f"sqlite:///{home / 'catalog.sqlite'}")
    index = EdgeIndex(home / "index", dimensions=embedder.dimensions)
    Ingestion(catalog, index, embedder, BlobStore(home / "blobs"), home / "locks").add(
        corpus, Corpus("fit", "fit", "", marking)
    )
    retriever = Retriever(catalog, index, embedder, embedder_languages=frozenset({"en"}))
    principal = Principal("fit", (("NLD", "Ongerubriceerd"),), "NLD")
    scope = scope_for(principal, markings=[marking], corpora=["fit"], on_date=date.today())
    groups = sorted({one.group for one in asked})
    held_out = set(random.Random(_SEED).sample(groups, len(groups) // 2))  # noqa: S311
    for one in asked:
        hits = retriever.search(one.question, scope=scope, limit=16)
        without = [hit for hit in hits if hit.document.key.partition("#")[2] not in one.documents]
        for some, answerable in ((hits, one.answerable), *([(without, False)] if one.answerable else [])):
            budget = AnswerSettings().evidence_tokens
            evidence: list[Evidence] = select(some[:8], budget_tokens=budget, count_tokens=lambda text: len(text) // 4)
            sentences = rank_sentences(one.question, evidence, embedder=embedder, trust=1.0 if known else 0.0)
            if sentences:
                seen = signals(sentences)
                yield Observed(seen.best, seen.similarity, answerable, one.group in held_out)
    index.close()
    catalog.close()


def _fit(observed: Sequence[Observed]) -> dict[str, float]:
    """Fit a logistic model by Newton's method with a unit ridge; both classes weigh the same."""
    design, truth = _design(observed), np.array([float(one.answerable) for one in observed])
    weights = np.where(truth == 1, 0.5 / truth.mean(), 0.5 / (1 - truth.mean()))
    ridge = np.diag([0.0, 1.0, 1.0])
    solution: Array = np.zeros(3)
    for _ in range(50):
        predicted = 1 / (1 + np.exp(-design @ solution))
        gradient = design.T @ (weights * (truth - predicted)) - ridge @ solution
        curvature = (design * (weights * predicted * (1 - predicted))[:, None]).T @ design + ridge
        solution = solution + np.linalg.solve(curvature, gradient)
    return dict(zip(("intercept", "best", "similarity"), solution.round(4).tolist(), strict=True))


def _measure(parameters: dict[str, float], observed: Sequence[Observed]) -> dict[str, float]:
    held = [one for one in observed if one.held_out]
    predicted = 1 / (1 + np.exp(-_design(held) @ np.array([*parameters.values()])))
    truth = np.array([one.answerable for one in held])
    order = predicted.argsort().argsort() + 1
    positives, negatives = int(truth.sum()), int((~truth).sum())
    auroc = (order[truth].sum() - positives * (positives + 1) / 2) / (positives * negatives)
    point = float(np.quantile(predicted[truth], 1 - _ANSWERED_SHARE))
    return {
        "answerable": positives,
        "unanswerable": negatives,
        "AUROC": round(float(auroc), 3),
        f"probability passed by {_ANSWERED_SHARE:.0%} of the answerable": round(point, 3),
        "unanswerable below it": round(float((predicted[~truth] < point).mean()), 3),
    }


def _design(observed: Sequence[Observed]) -> Array:
    return np.array([[1.0, one.best, one.similarity] for one in observed])


if __name__ == "__main__":
    prepare()
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
