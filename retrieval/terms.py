"""Read lists of terms: what one thing is called in Dutch and in English. Knows nothing of what they are used for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from retrieval.errors import StafwijzerError


class TermsInvalid(StafwijzerError):
    """A list of terms cannot be used."""


@dataclass(frozen=True, slots=True)
class Term:
    """What one thing is called."""

    nl: tuple[str, ...]
    """Most usual first; so in English."""
    en: tuple[str, ...]


def read_terms(lines: Iterable[str], *, name: str) -> Iterator[Term]:
    """Yield the terms of a list: Dutch forms, a tab, English forms; forms apart by '|', comments after a first '#'.

    Raises TermsInvalid, naming the line."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        sides = [tuple(form.strip() for form in side.split("|")) for side in line.rstrip("\n").split("\t")]
        if len(sides) != 2 or not all(all(side) for side in sides):
            raise TermsInvalid(
                f"{name}, line {number}: these are not Dutch forms, a tab and English forms.",
                hint="Write for example: bevoorradingsroute|aanvoerroute<TAB>supply route",
            )
        yield Term(*sides)


def read_terms_file(path: Path) -> tuple[Term, ...]:
    """Return the terms of an owner's file. Raises TermsInvalid."""
    try:
        return tuple(read_terms(path.read_text(encoding="utf-8-sig").splitlines(), name=str(path)))
    except (OSError, UnicodeDecodeError) as error:
        raise TermsInvalid(
            f"{path} cannot be read ({error}).", hint="Set search.terms to a UTF-8 text file."
        ) from error


@cache
def packaged_terms() -> tuple[Term, ...]:
    """Return the terms that come with the program."""
    return tuple(
        term
        for name in ("staff", "government", "general", "common")
        for term in read_terms(packaged_text(f"{name}.tsv").splitlines(), name=name)
    )


def packaged_text(name: str) -> str:
    """Return a word list that comes with the program."""
    return files("retrieval").joinpath("wordlists", name).read_text(encoding="utf-8")
