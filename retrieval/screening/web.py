"""Find what an HTML page hides, runs or fetches.

Knows inline styles and attributes; a style sheet may hide more, which cannot be known without laying the page out.
Runs and fetches nothing."""

import re
from collections.abc import Iterator

from lxml import etree

from retrieval.screening.addressing import addresses_model, unseen
from retrieval.screening.flags import Flag, Kind, Place, Severity, flag
from retrieval.screening.markup import attributes

_HIDING = re.compile(
    r"display:none|visibility:hidden|opacity:0(?:\.0+)?(?![.\d])|font-size:[01](?:\.\d+)?(?:px|pt|em|%)?(?![.\d])|"
    r"(?:left|top|right|text-indent|margin-left|margin-top):-\d{3,}|clip:rect\(0|clip-path:inset\((?:50|100)%|"
    r"(?:max-)?(?:height|width):0(?:px)?(?:;|$)[^}]*overflow:hidden"
)
_WHITE = re.compile(
    r"(?<![-\w])color:(?:#f[c-f]f[c-f]f[c-f]\b|#fff\b|white\b|rgba?\((?:25[0-5],){2}25[0-5]|transparent|rgba\([^)]*,0\))"
)
_BACKGROUND = re.compile(r"background(?:-color|-image)?:")
_NO_TEXT = frozenset({"script", "style", "template", "noscript", "head", "svg"})
_FETCHED = dict.fromkeys(("img", "iframe", "embed", "video", "audio"), "src") | {"object": "data", "link": "href"}
_SCRIPTED = re.compile(r"\s*(?:javascript|vbscript|data):", re.IGNORECASE)
_RUNS = frozenset({"iframe", "object", "embed"})
# What people never see of a page and programs read: descriptions of pictures, hints, values of hidden fields.
_UNSHOWN = ("alt", "title", "aria-label", "content", "value", "placeholder", "data-prompt")


def hidden_on_page(text: str, *, part: str = "") -> Iterator[Flag]:
    """Flag hidden text, scripts and fetched things of a page that was decoded to text."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    if root is None:
        return
    place = Place(part=part)
    for element in root.iter():
        if not isinstance(element.tag, str):
            yield from addresses_model(element.text or "", place=Place(part=f"{part} comment".strip()))
            continue
        yield from _shown(element, place)
        yield from _active(element, place)


def _shown(element: etree._Element, place: Place) -> Iterator[Flag]:
    for key in _UNSHOWN:
        if value := element.get(key):
            yield from addresses_model(str(value), place=place)
    if element.tag in _NO_TEXT or not _hides(element) or any(_hides(above) for above in element.iterancestors()):
        return
    said = " ".join(text for text in map(str, element.itertext()) if text.strip())
    if said:
        yield from unseen(said, place)


def _hides(element: etree._Element) -> bool:
    style = re.sub(r"\s+", "", str(element.get("style") or "").lower())
    if element.get("hidden") is not None or _HIDING.search(style):
        return True
    color = str(element.get("color") or "").lower() in ("white", "#ffffff", "#fff")
    white = color or _WHITE.search(style)
    return bool(white) and not any(map(_may_be_filled, (element, *element.iterancestors())))


def _may_be_filled(element: etree._Element) -> bool:
    # A class is styled elsewhere.
    filled = any(element.get(key) for key in ("bgcolor", "background", "class"))
    return filled or bool(_BACKGROUND.search(str(element.get("style") or "")))


def _active(element: etree._Element, place: Place) -> Iterator[Flag]:
    tag = str(element.tag)
    handlers = [value for key, value in attributes(element) if key.startswith("on")]
    if tag == "script" or handlers:
        said = [str(element.get("src") or ""), element.text or "", *handlers]
        yield flag(Kind.SCRIPT, Severity.NOTE, place, next(filter(str.strip, said), tag))
    elif tag == "meta" and str(element.get("http-equiv")).lower() == "refresh":
        yield flag(Kind.REMOTE, Severity.WARN, place, str(element.get("content")))
    elif tag == "a" and _SCRIPTED.match(str(element.get("href") or "")):
        yield flag(Kind.SCRIPT, Severity.NOTE, place, str(element.get("href")))
    elif tag in _FETCHED and (target := str(element.get(_FETCHED[tag]) or "")) and re.match(r"(?:https?:)?//", target):
        yield flag(Kind.REMOTE, _fetch_severity(element), place, f"{tag}: {target}")


def _fetch_severity(element: etree._Element) -> Severity:
    # A picture of one point that comes from elsewhere tells its owner who reads the page.
    size = {str(element.get(key)) for key in ("width", "height")}
    is_pixel = element.tag == "img" and size <= {"0", "1", "0px", "1px"}
    return Severity.WARN if is_pixel or element.tag in _RUNS else Severity.NOTE
