"""Find what lies beside a document to say what it is: labels and the manifest. They are no documents themselves.

Knows names and looks into XML far enough to tell a label from a document; judges neither."""

import os
from functools import lru_cache
from pathlib import Path
from time import time_ns

from retrieval.marking.labels import MAX_LABEL_BYTES, is_label
from retrieval.marking.manifest import NAME

_LABEL = ".label.xml"
# A folder that changed so shortly ago could change again without its time of change telling (FAT ticks in two seconds).
_SETTLED_NS = 2_000_000_000


def labels_beside(path: Path) -> list[Path]:
    """Return the labels of the document at `path`, of `order.pdf`: order.pdf.label.xml, order.label.xml, and
    order.pdf.xml or order.xml when that is a label and no document; in whatever case. Raises OSError when one, or the
    folder, cannot be read."""
    stems = dict.fromkeys((path.name.casefold(), path.stem.casefold()))
    beside = _named_xml(path.parent)
    named = [one for stem in stems for one in beside.get(f"{stem}{_LABEL}", ())]
    perhaps = [one for stem in stems for one in beside.get(f"{stem}.xml", ()) if one != path]
    return [one for one in named if one.is_file()] + [one for one in perhaps if _is_label(one)]


def is_sidecar(path: Path) -> bool:
    """Tell whether a file is a manifest or a label, which is not to be taken in as a document.

    Raises OSError when it has to be read for that and cannot be."""
    name = path.name.casefold()
    return name == NAME or name.endswith(_LABEL) or (name.endswith(".xml") and _is_label(path))


def _named_xml(folder: Path) -> dict[str, tuple[Path, ...]]:
    """Return the files of a folder that are called XML, by their name without case."""
    changed = folder.stat().st_mtime_ns
    return (_listed if time_ns() - changed > _SETTLED_NS else _listed.__wrapped__)(folder, changed)


# Listed once, or a folder of thousands would be listed thousands of times.
@lru_cache(maxsize=64)
def _listed(folder: Path, changed_ns: int) -> dict[str, tuple[Path, ...]]:
    found: dict[str, tuple[Path, ...]] = {}
    for name in sorted(os.listdir(folder)):
        if (folded := name.casefold()).endswith(".xml"):
            found[folded] = (*found.get(folded, ()), folder / name)
    return found


def _is_label(path: Path) -> bool:
    if not path.is_file() or path.stat().st_size > MAX_LABEL_BYTES:
        return False
    return is_label(path.read_bytes())
