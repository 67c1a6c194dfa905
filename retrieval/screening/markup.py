"""Parse the XML of a part without resolving entities, opening files or connections. Knows no format."""

from collections.abc import Iterator

from lxml import etree

_NOTHING = etree.Element("nothing")


def parse(content: bytes) -> etree._Element:
    """Return the root of an XML part; an empty one for what is no XML, which has nothing to flag."""
    # libxml2 keeps its own bounds on depth and text length unless told otherwise (huge_tree).
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return _NOTHING
    return _NOTHING if root is None else root


def local(name: str) -> str:
    """Return an XML name without its namespace."""
    return name.rpartition("}")[2]


def attributes(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield the attributes of an element, their names without namespaces."""
    yield from ((local(str(key)), str(value)) for key, value in element.items())
