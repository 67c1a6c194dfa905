"""Open the owners' pages: what may be looked at by whom, and what may be sent how large."""

from collections.abc import Sequence

from fastapi import APIRouter

from assistant.bootstrap import Installation
from assistant.entrypoints.corpora.acting import add_acting
from assistant.entrypoints.corpora.desk import STATUSES, Desk
from assistant.entrypoints.corpora.looking import add_looking
from assistant.entrypoints.corpora.sending import add_sending
from assistant.entrypoints.corpora.uploads import Upload, Uploads
from assistant.entrypoints.doors import Door, Identify
from assistant.entrypoints.pages import Frame, telling

# Larger ones are refused on a page, by what they announce and while they come in.
_LARGEST_UPLOAD_BYTES = 1 << 40


def corpora_doors(
    installation: Installation, frame: Frame, identify: Identify, uploads: Uploads | None = None
) -> Sequence[Door]:
    """Return the doors to all pages under /corpora."""

    def journal(upload: Upload) -> None:
        counts = {one.became: 0 for one in upload.outcomes}
        for one in upload.outcomes:
            counts[one.became] += 1
        told = {"corpus": upload.corpus, "by": upload.by, "did": "upload", "files": upload.files, "came to": counts}
        installation.journal.append("curated", {**told, "stage": upload.stage, "again": upload.again})

    desk = Desk(installation, frame, uploads or Uploads(installation, journal))
    pages = APIRouter(prefix="/corpora", route_class=telling(frame, STATUSES))
    files = APIRouter(prefix="/corpora", route_class=telling(frame, STATUSES))
    add_looking(pages, desk, identify)
    add_acting(pages, desk, identify)
    add_sending(files, desk, identify)
    return (Door(pages), Door(files, largest_body_bytes=_LARGEST_UPLOAD_BYTES))
