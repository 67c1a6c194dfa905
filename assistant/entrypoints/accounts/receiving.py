"""Read the forms about accounts. What is missing is empty; what means nothing is for the accounts to refuse."""

from collections.abc import Iterable

from fastapi import Request
from starlette.datastructures import FormData

from assistant.identity import Attributes
from retrieval.access import POLICIES

_LEVEL = "level "
_LONGEST = 10_000


async def form_of(request: Request) -> FormData:
    """Return the form that a request brings."""
    return await request.form(max_files=0, max_fields=200)


def text_of(form: FormData, name: str) -> str:
    """Return a field, without what surrounds it; '' where it is missing."""
    value = form.get(name, "")
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""


def texts_of(form: FormData, name: str) -> frozenset[str]:
    """Return the boxes of one name that are ticked."""
    return frozenset(value for value in form.getlist(name) if isinstance(value, str))


def secret_of(form: FormData, name: str) -> str:
    """Return a password exactly as it was typed."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def attributes_of(form: FormData) -> Attributes:
    """Return the attributes that a form describes."""
    levels = ((policy, text_of(form, f"{_LEVEL}{policy}")) for policy in POLICIES)
    return Attributes(
        tuple((policy, level) for policy, level in levels if level),
        text_of(form, "nationality"),
        _named(text_of(form, "groups")),
        _named(text_of(form, "categories")),
        texts_of(form, "role") | {f"owner:{name}" for name in _named(text_of(form, "owner of"))},
    )


def joined(names: Iterable[str]) -> str:
    """Return names as a field holds them."""
    return ", ".join(sorted(names))


def _named(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(",") if name.strip())
