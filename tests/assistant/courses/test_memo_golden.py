"""The memo of a fixed workspace reads as it did. GOLDEN=write rewrites the golden files."""

import os
from pathlib import Path

import pytest

from assistant.courses.comparing import matrix
from assistant.courses.memo import write_memo
from assistant.courses.recommending import recommend
from assistant.courses.sensitivity import sensitivity
from assistant.courses.workspace import Filled, RawValue, Withheld
from retrieval.languages import LANGUAGES, Language
from tests.assistant.courses.doubles import a_citation, a_fact, a_full_workspace
from tests.making import OPEN

GOLDEN = Path(__file__).parents[2] / "golden"


def written(language: Language, folder: Path) -> str:
    """Write the memo for the public of a workspace in which every type occurs, one line of it not public."""
    ford = "The ford at Kruisvoorde takes 9 hours."
    bridge, nothing = a_full_workspace().courses
    other = a_full_workspace().courses[0]
    other = type(other)("coa-2", "the ford", (a_fact("idea-2", ford),), (Filled("risks", (a_fact("risk-2", ford),)),))
    workspace = a_full_workspace(
        language=language,
        marking=OPEN,
        courses=(bridge, other, nothing),
        values=(*a_full_workspace().values, RawValue("coa-2", "time", "9 hour", other.idea[0].basis, (a_citation(),))),
        withheld=(Withheld("how-2", "Security of the State", "officer"),),
    )
    compared = matrix(workspace)
    shares = sensitivity(compared, samples=200)
    public, _ = write_memo(
        workspace,
        matrix=compared,
        sensitivity=shares,
        recommendation=recommend(workspace, compared, shares),
        stale={"mission-1": ("order.md: 2.",)},
        folder=folder,
        formats=("md",),
    )
    return public.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_memo_reads_as_it_did(language: Language, tmp_path: Path) -> None:
    golden, text = GOLDEN / f"memo.{language}.md", written(language, tmp_path)
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
