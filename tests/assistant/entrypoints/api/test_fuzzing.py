"""Requests that nobody would think of: no defect comes of them, and what is answered is as the document describes.

Statuses, media types and bodies are held against the document; what breaks its rules is to be refused, and a token is
to be asked for (the checks of schemathesis)."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.assistant.entrypoints.programs.house import an_installation, served

OPERATIONS = [
    "ask_a_question",
    "read_an_answer",
    "give_feedback",
    "search",
    "read_a_passage",
    "list_documents",
    "read_a_document",
    "list_versions",
    "list_corpora",
    "read_a_corpus",
    "add_a_document",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(an_installation(tmp_path_factory.mktemp("home"))) as address:
        yield address


@pytest.fixture(scope="module")
def described(address: str) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")


def test_every_operation_is_asked(described: schemathesis.BaseSchema) -> None:
    found = [one.ok().definition.raw["operationId"] for one in described.get_all_operations()]
    assert sorted(found) == sorted(OPERATIONS)


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("name", OPERATIONS)
def test_nothing_that_is_sent_brings_a_defect(
    name: str, mode: GenerationMode, described: schemathesis.BaseSchema
) -> None:
    operation = described.find_operation_by_id(name)

    @settings(max_examples=20, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        # A corpus that is not there, a cursor of another list, a file that is no text: described, and refused.
        case.call_and_validate(headers={"Authorization": "Bearer token-a"}, excluded_checks=[positive_data_acceptance])

    ask()
