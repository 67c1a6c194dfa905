"""What has to hold of anything a loader returns."""

import re
from collections.abc import Callable

import pytest

from retrieval.loading.loaded import Kind, Loaded, NotLoaded


@pytest.fixture(scope="session")
def check() -> Callable[[Loaded], Loaded]:
    return _check


@pytest.fixture(scope="session")
def settle() -> Callable[[Callable[[], Loaded]], Loaded | NotLoaded]:
    return _settle


def _settle(read: Callable[[], Loaded]) -> Loaded | NotLoaded:
    """Read, and check what comes of it: a Loaded that holds together or a refusal in one sentence."""
    try:
        return _check(read())
    except NotLoaded as error:
        refusal = error
    assert refusal.reason.endswith("."), refusal.reason
    assert "\n" not in refusal.reason
    return refusal


def _check(loaded: Loaded) -> Loaded:
    """Assert that offsets can be trusted, and hand the same thing back."""
    text = loaded.text
    assert loaded.spans, "nothing to cite"
    text.encode("utf-8")
    assert "\r" not in text
    assert not text.startswith("\ufeff")
    end = 0
    for span in loaded.spans:
        assert end <= span.start < span.end <= len(text), f"{span} overlaps, is empty or is out of range"
        words = text[span.start : span.end]
        assert words == words.strip(), f"{span} is not trimmed: {words[:40]!r}"
        assert span.page is None or span.page >= 1
        assert (1 <= span.level <= 6) is (span.kind is Kind.HEADING)
        assert span.level == 0 or span.kind is Kind.HEADING
        assert not re.search(r"<!--\s*p\.?\s*\d{1,6}\s*-->", words), f"{span} holds a page marker"
        end = span.end
    assert "\n" not in loaded.title
    assert all(isinstance(value, str) and value for value in loaded.metadata.values())
    assert all(warning.endswith(".") and "\n" not in warning for warning in loaded.warnings)
    return loaded
