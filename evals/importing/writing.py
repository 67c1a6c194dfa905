"""Write an imported set as a folder: cases.jsonl, and documents/corpus.jsonl in BEIR's layout. Whole or not at all."""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from evals.importing.gathering import CORPUS_FILE, Document, Imported
from evals.sets import write_set
from retrieval.errors import StafwijzerError

CASES_FILE = "cases.jsonl"
DOCUMENTS_FOLDER = "documents"


class NotWritten(StafwijzerError):
    """The folder is in use, or cannot be written."""


def refuse_used(folder: Path) -> None:
    """Raise NotWritten when there is something at the path that an import would have to replace."""
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists() or folder.is_symlink():
        what = "is not empty" if folder.is_dir() else "is no folder"
        raise NotWritten(f"{folder} {what}.", hint="Name a new folder, or empty this one first.")


def write_imported(imported: Imported, folder: Path, *, corpus: str = "") -> None:
    """Write the cases, asked of `corpus` if it is named, and the documents. Raises NotWritten."""
    refuse_used(folder)
    corpora = frozenset({corpus}) if corpus else frozenset[str]()
    cases = [replace(case, corpora=case.corpora or corpora) for case in imported.cases]
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        draft.mkdir(parents=True)
        try:
            write_set(draft / CASES_FILE, cases)
            if imported.documents:
                (draft / DOCUMENTS_FOLDER).mkdir()
                _write_documents(draft / DOCUMENTS_FOLDER / CORPUS_FILE, imported.documents)
            draft.replace(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise NotWritten(
            f"{folder} cannot be written ({error.strerror}).", hint="Name a folder where you may write."
        ) from error


def _write_documents(path: Path, documents: Sequence[Document]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for one in documents:
            record = {"_id": one.id, "title": one.title, "text": one.text}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
