"""What every owners' page starts from: who looks, at which corpus, and whether it is theirs to change.

What is not there and what may not be known of are told alike. Knows no page by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from assistant.bootstrap import Installation
from assistant.entrypoints.corpora.tabling import Row, rows_of
from assistant.entrypoints.corpora.uploads import Uploads
from assistant.entrypoints.corpora.wording import WORDS
from assistant.entrypoints.pages import Frame, language_of
from retrieval.access import Marking, Principal
from retrieval.catalog import Corpus, CorpusUnknown
from retrieval.errors import StafwijzerError
from retrieval.lifecycle.knowing import Knowing, owns


class NotHere(StafwijzerError):
    """There is no such thing, or none that the reader may know of."""


class NotYours(StafwijzerError):
    """Somebody would change a corpus that they do not keep."""


STATUSES: Mapping[type[StafwijzerError], int] = {NotHere: 404, NotYours: 403}


@dataclass(frozen=True, slots=True)
class Desk:
    installation: Installation
    frame: Frame
    uploads: Uploads

    def page(
        self, template: str, request: Request, reader: Principal, *, marking: Marking | None = None, **shown: Any
    ) -> HTMLResponse:
        return self.frame.page(
            f"corpora/{template}.html", request, reader=reader, words=WORDS, marking=marking, **shown
        )

    def knowing(self, reader: Principal) -> Knowing:
        return Knowing(self.installation.catalog, reader, date.today())

    def corpus(self, request: Request, reader: Principal, name: str) -> Corpus:
        """Raises NotHere."""
        try:
            return self.knowing(reader).corpus(name)
        except CorpusUnknown as error:
            raise not_here(request) from error

    def owned(self, request: Request, reader: Principal, name: str) -> Corpus:
        """Return a corpus that the reader may change. Raises NotHere or NotYours."""
        found = self.corpus(request, reader, name)
        if not owns(reader, name):
            say = WORDS[language_of(request)]
            raise NotYours(say["not yours"], hint=say["not yours hint"].format(owner=found.owner))
        return found

    def rows(self, reader: Principal, name: str) -> list[Row]:
        """Return all that the reader may know of in a corpus, also what is held back for them."""
        knowing = self.knowing(reader)
        return rows_of(knowing.everything(name), knowing.on_date)

    def row(self, request: Request, reader: Principal, name: str, id: str) -> Row:
        """Raises NotHere."""
        found = next((row for row in self.rows(reader, name) if row.id == id), None)
        if found is None:
            raise not_here(request)
        return found


def not_here(request: Request) -> NotHere:
    say = WORDS[language_of(request)]
    return NotHere(say["not here"], hint=say["not here hint"])
