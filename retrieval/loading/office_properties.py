"""Read what an Office file (.docx, .pptx, .xlsx) says of itself under names of its owner's: its custom properties.

Sensitivity labels stand there, and markings under the names that organisations gave them. Refuses to know which name
means what."""

import posixpath
import zipfile
from collections.abc import Iterator

from lxml import etree

_RELATIONSHIPS = "_rels/.rels"
# '.../custom-properties' in the transitional form of ECMA-376, '.../customProperties' in the strict one.
_CUSTOM = "/customproperties"
_MOST_PROPERTIES = 1_000


def custom_properties(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the (name, value) pairs of the custom properties in the archive of an Office file, in order.

    Raises KeyError, ValueError or etree.XMLSyntaxError for a part that is missing or broken: a marking may be in it."""
    if _RELATIONSHIPS not in archive.namelist():
        return
    for relation in _parsed(archive.read(_RELATIONSHIPS)):
        if str(relation.get("Type", "")).casefold().replace("-", "").endswith(_CUSTOM):
            part = posixpath.normpath(posixpath.join("/", str(relation.get("Target", "")))).lstrip("/")
            found = [one for one in _parsed(archive.read(part)) if isinstance(one.tag, str)]
            if len(found) > _MOST_PROPERTIES:
                raise ValueError(f"{part} holds more than {_MOST_PROPERTIES:,} properties")
            for one in found:
                yield str(one.get("name", "")), ", ".join(text for text in map(str, one.itertext()) if text.strip())


def _parsed(part: bytes) -> etree._Element:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
