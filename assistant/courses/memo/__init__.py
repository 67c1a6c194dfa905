"""The decision memo of a workspace: what it says (contents) and not to the public (closing), in which words (wording),
and how it is written.

markdown and word write files of their own; office turns the latter into ODT and PDF."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.courses.comparing import DecisionMatrix
from assistant.courses.memo.closing import parts
from assistant.courses.memo.contents import memos
from assistant.courses.memo.markdown import as_markdown
from assistant.courses.memo.office import FormatUnavailable, convert
from assistant.courses.memo.sections import DecisionMemo
from assistant.courses.memo.word import as_docx
from assistant.courses.recommending import Recommendation
from assistant.courses.sensitivity import Sensitivity
from assistant.courses.workspace import Workspace

__all__ = ["DecisionMemo", "FormatUnavailable", "memos", "parts", "write_memo"]


def write_memo(
    workspace: Workspace,
    *,
    matrix: DecisionMatrix,
    sensitivity: Sensitivity,
    recommendation: Recommendation,
    stale: Mapping[str, Sequence[str]],
    folder: Path,
    formats: Sequence[str],
) -> list[Path]:
    """Write the memo in these formats ('md', 'docx', 'odt', 'pdf') and return the files, that for the public first.

    What is not public is a file of its own. Raises FormatUnavailable for ODT and PDF without LibreOffice."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for memo in memos(workspace, matrix=matrix, sensitivity=sensitivity, recommendation=recommendation, stale=stale):
        for format in formats:
            target = folder / f"{memo.name}.{format}"
            if format == "md":
                target.write_text(as_markdown(memo), encoding="utf-8")
            else:
                word = as_docx(memo)
                target.write_bytes(word if format == "docx" else convert(word, format))
            files.append(target)
    return files
