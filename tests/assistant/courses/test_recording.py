"""A workspace is written as JSON that the published schema describes, and read back as it was."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.courses import recording
from assistant.courses.recording import WorkspaceUnreadable
from assistant.courses.workspace import Criterion
from tests.assistant.courses.doubles import a_full_workspace, a_workspace

PUBLISHED = Path(__file__).parents[3] / "docs" / "workspace.schema.json"


def test_what_is_written_reads_back_as_it_was() -> None:
    for workspace in (a_workspace(), a_full_workspace()):
        assert recording.read(recording.written(workspace)) == workspace


@given(problem=st.text(), title=st.text())
def test_any_text_reads_back_as_it_was(problem: str, title: str) -> None:
    workspace = a_workspace(problem=problem, title=title)
    assert recording.read(recording.written(workspace)) == workspace


def test_the_order_of_a_set_does_not_show() -> None:
    text = recording.written(a_full_workspace())
    assert '"releasable_to":["BEL","DEU","NLD"],"categories":["A","B"]' in text


def test_what_is_written_is_what_the_schema_describes() -> None:
    validator = jsonschema.Draft202012Validator(recording.schema())
    validator.check_schema(recording.schema())
    for workspace in (a_workspace(), a_full_workspace()):
        assert list(validator.iter_errors(json.loads(recording.written(workspace)))) == []


@pytest.mark.parametrize(
    ("place", "told"), [("extra", 1), ("revision", "one"), ("framing", [{"name": "mission"}]), ("language", "de")]
)
def test_the_schema_refuses_what_is_no_workspace(place: str, told: object) -> None:
    body = {**json.loads(recording.written(a_full_workspace())), place: told}
    assert list(jsonschema.Draft202012Validator(recording.schema()).iter_errors(body))


def test_the_schema_is_published_in_the_docs_as_it_is() -> None:
    printed = json.dumps(recording.schema(), indent=2, ensure_ascii=False) + "\n"
    assert PUBLISHED.read_text(encoding="utf-8") == printed, (
        "run `stafwijzer coa schema --to docs/workspace.schema.json`"
    )


def test_the_field_that_is_wrong_is_named() -> None:
    with pytest.raises(WorkspaceUnreadable, match=r"courses\.0\.name"):
        recording.read(recording.written(a_full_workspace()).replace('"name":"the bridge",', ""))


def test_a_number_that_json_does_not_have_is_refused() -> None:
    criterion = Criterion("a", "A", "", "hour", "1 hour", "less is better", float("inf"))
    with pytest.raises(ValueError, match="Out of range"):
        recording.written(replace(a_workspace(), criteria=(criterion,)))
