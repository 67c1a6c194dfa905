"""The formats that can be imported, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evals.importing.aitqa import import_aitqa
from evals.importing.beir import import_beir
from evals.importing.bipia import import_bipia
from evals.importing.clapnq import import_clapnq
from evals.importing.conflictqa import import_conflictqa
from evals.importing.gathering import Imported, Options
from evals.importing.halueval import import_halueval
from evals.importing.parallel import import_parallel
from evals.importing.poisonedrag import import_poisonedrag
from evals.importing.purplellama import import_purplellama
from evals.importing.ramdocs import import_ramdocs
from evals.importing.spikee import import_spikee
from evals.importing.spreadsheet import import_csv
from evals.importing.squad import import_squad
from evals.importing.tatqa import import_tatqa


@dataclass(frozen=True, slots=True)
class Format:
    """A format, how it is read and what it is."""

    read: Callable[[Path, Options], Imported]
    """Raises SourceInvalid."""
    what: str


FORMATS = {
    "squad": Format(import_squad, "SQuAD 1.1 and 2.0, XQuAD: a file; or XQuAD's folder with --language"),
    "beir": Format(import_beir, "corpus.jsonl, queries.jsonl and qrels/: a folder"),
    "clapnq": Format(import_clapnq, "CLAPNQ, long answers: a file or a folder of them"),
    "ramdocs": Format(import_ramdocs, "RAMDocs, conflicting documents: a file"),
    "tatqa": Format(import_tatqa, "TAT-QA, tables and text: a file"),
    "aitqa": Format(import_aitqa, "AIT-QA, airlines' tables: a folder"),
    "halueval": Format(import_halueval, "HaluEval, invented answers: a qa file or the folder"),
    "conflictqa": Format(import_conflictqa, "ConflictQA, evidence for both sides: a file"),
    "poisonedrag": Format(import_poisonedrag, "PoisonedRAG, planted texts: a file"),
    "bipia": Format(import_bipia, "BIPIA, instructions planted in e-mails: the folder"),
    "purplellama": Format(import_purplellama, "CyberSecEval's prompt injections: a file or its folder"),
    "spikee": Format(import_spikee, "spikee: a seed folder"),
    "parallel": Format(import_parallel, "documents in Dutch and English with pairs.jsonl: the folder, with --language"),
    "csv": Format(import_csv, "a spreadsheet of questions: a file"),
}
