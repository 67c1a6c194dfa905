"""Find what lies beside a document to say what it is: labels and the manifest. They are no documents themselves.

Knows names and looks into XML far enough to tell a label from a document; judges neither."""

from pathlib import Path

from retrieval.marking.labels import MAX_LABEL_BYTES, is_label
from retrieval.marking.manifest import NAME

_LABEL = ".label.xml"


def labels_beside(path: Path) -> list[Path]:
    """Return the labels of the document at `path`, of `order.pdf`: order.pdf.label.xml, order.label.xml, and
    order.pdf.xml or order.xml when that is a label and no document. Raises OSError when one cannot be read."""
    stems = dict.fromkeys((path.name, path.stem))
    named = [path.with_name(f"{stem}{_LABEL}") for stem in stems]
    perhaps = [path.with_name(f"{stem}.xml") for stem in stems]
    return [one for one in named if one.is_file()] + [one for one in perhaps if one != path and _is_label(one)]


def is_sidecar(path: Path) -> bool:
    """Tell whether a file is a manifest or a label, which is not to be taken in as a document.

    Raises OSError when it has to be read for that and cannot be."""
    name = path.name.casefold()
    return name == NAME or name.endswith(_LABEL) or (name.endswith(".xml") and _is_label(path))


def _is_label(path: Path) -> bool:
    if not path.is_file() or path.stat().st_size > MAX_LABEL_BYTES:
        return False
    return is_label(path.read_bytes())
