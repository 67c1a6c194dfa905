"""Ask what is stated about the documents of one source: by labels and manifests beside them, and by themselves.

Knows where a document's file lies, also of one within an archive, and when anything that is said beside it changed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from retrieval.access import POLICIES
from retrieval.catalog import Corpus
from retrieval.loading import Loaded
from retrieval.marking import HeldIn, Manifest, Stated, labels_beside, state


class Statements:
    """What is stated in one source. Reads labels when it is asked; the manifest is handed to it."""

    def __init__(self, manifest: Manifest, corpus: Corpus, *, begin: str) -> None:
        """`begin`: what the keys of this source begin with before the paths that the manifest speaks of."""
        self._manifest = manifest
        # A policy or level that this installation does not know marks nothing.
        self._default = corpus.marking if corpus.marking.level in POLICIES.get(corpus.marking.policy, ()) else None
        self._begin = begin
        self._digests: dict[str, str] = {}

    def about(self, key: str, path: Path, loaded: Loaded, *, held_in: Sequence[HeldIn] = ()) -> Stated:
        """Return what is stated about a document in the file at `path`, and about the messages that it hangs on."""
        key = key.removeprefix(self._begin)
        return state(key, path, loaded, self._manifest, default=self._default, held_in=held_in)

    def digest(self, file: str, path: Path) -> str:
        """Return what changes whenever something else is stated beside a file; '' while nothing is.

        Raises OSError when a label cannot be read."""
        if file not in self._digests:
            told = [label.read_bytes() for label in labels_beside(path)]
            key = file.removeprefix(self._begin)
            ruled, default = self._manifest.about(key), self._manifest.default(key)
            if ruled != Stated() or default or self._manifest.fields:
                by_default = [default[0], default[1].id] if default else []
                rules = [_plain(ruled), by_default, sorted(self._manifest.fields.items())]
                told.append(json.dumps(rules, default=str).encode())
            digest = hashlib.sha256(b"\0".join(told)).hexdigest()[:16]
            self._digests[file] = f"/stated-{digest}" if told else ""
        return self._digests[file]


def _plain(stated: Stated) -> dict[str, object]:
    """Return a statement as values that are written alike in every run, as sets are not."""
    told = {field.name: getattr(stated, field.name) for field in fields(stated)}
    return told | {"marking": stated.marking.id if stated.marking else None}
