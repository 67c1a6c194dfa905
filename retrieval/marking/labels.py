"""Read and write confidentiality labels in XML: STANAG 4774 (ADatP-4774 edition A), alone or bound as in STANAG 4778.

Fail closed: a label that this cannot read whole is refused in one sentence, and its document is then not served.
Knows nothing of documents, checks no signature, and takes no equivalence between policies for granted."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

# Only to build and write; reading is defusedxml's.
from xml.etree import ElementTree

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from retrieval.access import Marking, high_water_mark
from retrieval.marking.wording import MarkingUnclear, bare_level, folded, is_nation, read_level
from retrieval.policies import POLICIES

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"
BINDING = "urn:nato:stanag:4778:bindinginformation:1:0"
MAX_LABEL_BYTES = 1_048_576

_SLAB = f"{{{NAMESPACE}}}"
# 'ConfidentialityLabel' is kept by the schema for older labels.
_ROOTS = (f"{_SLAB}originatorConfidentialityLabel", f"{_SLAB}ConfidentialityLabel")
_INFORMATION = {"PolicyIdentifier", "Classification", "PrivacyMark", "Category"}
_SUCCESSION = {"SuccessionDateTime", "SuccessorConfidentialityLabel"}
_LABEL = {"ConfidentialityInformation", "OriginatorID", "CreationDateTime", "SuccessionHandling"}
_REPEATED = {"Category", "GenericValue"}
_CONTEXT, _RELEASABLE, _ONLY, _NEED = "context", "releasable to", "only", "need to know"


class LabelInvalid(Exception):
    """A label that cannot be relied on: `reason` is a clause that says what is wrong with it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Label:
    """A marking as its originator bound it to information."""

    marking: Marking
    created: datetime | None
    """None: the label does not tell, although the standard asks for it."""
    review: datetime | None = None
    successor: Marking | None = None
    """What the marking becomes. Told, never applied: a person sets a marking."""
    succeeds: datetime | None = None
    """When it does."""
    warnings: tuple[str, ...] = ()
    """Clauses about what is not as the standard asks, and opens nothing."""

    @property
    def holds(self) -> Marking:
        """The stricter of the marking and its successor: a label that rises some day is not served lower after it.

        Raises LabelInvalid when the successor is of another policy."""
        if self.successor is None:
            return self.marking
        try:
            return high_water_mark([self.marking, self.successor]) or self.marking
        except ValueError as error:
            raise LabelInvalid(f"its successor is of another policy ({error})") from error


def is_label(content: bytes) -> bool:
    """Tell whether a file is, or is meant as, a label, however broken it is."""
    return len(content) <= MAX_LABEL_BYTES and any(
        NAMESPACE.encode(encoding) in content for encoding in ("utf-8", "utf-16-le", "utf-16-be")
    )


def read_label(content: bytes) -> Label:
    """Read the one originator's label of a file: the label itself, or one that is bound in it.

    PERMISSIVE 'Releasable To' and 'Context' together become what it is releasable to, 'Only' narrows that, and 'Need To
    Know' names groups; every RESTRICTIVE value becomes a category; INFORMATIVE ones and the privacy mark restrict
    nobody. Raises LabelInvalid."""
    if len(content) > MAX_LABEL_BYTES:
        raise LabelInvalid(f"it is larger than {MAX_LABEL_BYTES // 1024} KiB")
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise LabelInvalid("it declares a document type or entities, which no label needs") from error
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise LabelInvalid(f"it is not well-formed XML ({error})") from error
    label = _read(_originators(root))
    return label if label.created else replace(label, warnings=(*label.warnings, "it does not tell when it was made"))


def write_label(label: Label) -> bytes:
    """Write a label as a file of its own, UTF-8. Reading it gives the same label.

    Raises ValueError for a label that the standard does not allow: an unknown level, no day of creation, a name that
    XML would change, a successor without its day or neither successor nor review."""
    if label.created is None or (label.successor is None) != (label.succeeds is None):
        raise ValueError("a label tells when it was made, and when its successor holds if it has one")
    if label.review is None and label.successor is None:
        raise ValueError("a label tells when it is reviewed or what succeeds it (ADatP-4774, appendix 1)")
    ElementTree.register_namespace("slab", NAMESPACE)
    root = ElementTree.Element(_ROOTS[0])
    if label.review:
        root.set("ReviewDateTime", _moment(label.review))
    _add_information(root, label.marking)
    _add(root, "CreationDateTime", _moment(label.created))
    if label.successor and label.succeeds:
        succession = ElementTree.SubElement(root, f"{_SLAB}SuccessionHandling")
        _add(succession, "SuccessionDateTime", _moment(label.succeeds))
        successor = ElementTree.SubElement(succession, f"{_SLAB}SuccessorConfidentialityLabel")
        _add_information(successor, label.successor)
        _add(successor, "CreationDateTime", _moment(label.created))
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


# Reading


def _originators(root: "Element") -> "Element":
    if root.tag in _ROOTS:
        return root
    if root.tag != f"{{{BINDING}}}BindingInformation":
        raise LabelInvalid("it holds no originator's label of STANAG 4774")
    found = [element for element in root.iter() if element.tag in _ROOTS]
    if len(found) != 1:
        raise LabelInvalid(f"it binds {len(found)} originator's labels, and a document has one")
    return found[0]


def _read(element: "Element") -> Label:
    parts = _children(element, _LABEL)
    marking, warnings = _information(_one(parts, "ConfidentialityInformation"))
    created = _when(_text(parts["CreationDateTime"][0]), "CreationDateTime") if "CreationDateTime" in parts else None
    label = Label(marking, created, _when(element.get("ReviewDateTime"), "ReviewDateTime"), warnings=warnings)
    if "SuccessionHandling" not in parts:
        return label
    succession = _children(parts["SuccessionHandling"][0], _SUCCESSION)
    successor = _read(_one(succession, "SuccessorConfidentialityLabel"))
    succeeds = _when(_text(_one(succession, "SuccessionDateTime")), "SuccessionDateTime")
    return replace(label, successor=successor.marking, succeeds=succeeds)


def _children(element: "Element", known: set[str]) -> dict[str, list["Element"]]:
    """Group the elements of the label's namespace by name; the standard lets others stand beside them."""
    parts: dict[str, list[Element]] = {}
    for child in element:
        if str(child.tag).startswith(_SLAB):
            name = str(child.tag).removeprefix(_SLAB)
            if name not in known:
                raise LabelInvalid(f"'{name}' has no place where it stands")
            parts.setdefault(name, []).append(child)
    for name, found in parts.items():
        if len(found) > 1 and name not in _REPEATED:
            raise LabelInvalid(f"it has more than one {name}")
    return parts


def _one(parts: dict[str, list["Element"]], name: str) -> "Element":
    if name not in parts:
        raise LabelInvalid(f"it has no {name}")
    return parts[name][0]


def _when(told: str | None, name: str) -> datetime | None:
    if told is None:
        return None
    try:
        moment = datetime.fromisoformat(told.strip())
    except ValueError as error:
        raise LabelInvalid(f"its {name} '{told.strip()}' is no date and time") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(element: "Element") -> str:
    if len(element):
        raise LabelInvalid(f"its {str(element.tag).removeprefix(_SLAB)} holds elements instead of text")
    return " ".join((element.text or "").split())


def _information(element: "Element") -> tuple[Marking, tuple[str, ...]]:
    """Return the marking, and warnings about values in it that open nothing."""
    parts = _children(element, _INFORMATION)
    policy = _text(_one(parts, "PolicyIdentifier"))
    if not policy:
        raise LabelInvalid("its PolicyIdentifier is empty")
    try:
        policy, level = read_level(_text(_one(parts, "Classification")), policy=policy)
    except MarkingUnclear as error:
        raise LabelInvalid(str(error)) from error
    permissive, categories = _categories(parts.get("Category", []))
    # Context NATO with Releasable To AUS is for NATO and Australia; Only narrows whatever the others permit.
    restrictions = (permissive[_CONTEXT] | permissive[_RELEASABLE], permissive[_ONLY])
    nations = [frozenset(name.upper() for name in names) for names in restrictions if names]
    strange = sorted(name for names in nations for name in names if not is_nation(name))
    released = high_water_mark(Marking(policy, level, names) for names in nations)
    marking = Marking(policy, level, released.releasable_to if released else frozenset(), categories, permissive[_NEED])
    return marking, tuple(f"'{name}' is no nation or group known here and opens nothing" for name in strange)


def _categories(elements: list["Element"]) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """Return the permissive values by what they are, and all restrictive ones."""
    permissive = dict.fromkeys((_CONTEXT, _RELEASABLE, _ONLY, _NEED), frozenset[str]())
    restrictive = frozenset[str]()
    for element in elements:
        tag = " ".join(element.get("TagName", "").split())
        if not tag:
            raise LabelInvalid("it has a category without a TagName")
        match element.get("Type"):
            case "INFORMATIVE":
                continue
            case "RESTRICTIVE":
                restrictive |= _values(element, tag)
            case "PERMISSIVE" if folded(tag) not in permissive:
                raise LabelInvalid(f"it permits by '{tag}', and who that is, is not known here")
            case "PERMISSIVE" if permissive[folded(tag)]:
                raise LabelInvalid(f"it has the category '{tag}' twice")
            case "PERMISSIVE":
                permissive[folded(tag)] = _values(element, tag)
            case other:
                raise LabelInvalid(f"the category '{tag}' has the type '{other or ''}', which the standard lacks")
    return permissive, restrictive


def _values(element: "Element", tag: str) -> frozenset[str]:
    # Of the three kinds of value in the schema the standard's text leaves only GenericValue.
    values = {_text(value) for value in _children(element, {"GenericValue"}).get("GenericValue", [])}
    if not values or "" in values:
        raise LabelInvalid(f"the category '{tag}' has no value, or an empty one")
    return frozenset(values)


# Writing


def _add_information(parent: "Element", marking: Marking) -> None:
    if marking.level not in POLICIES.get(marking.policy, ()):
        raise ValueError(f"the policy '{marking.policy}' has no level '{marking.level}'")
    information = ElementTree.SubElement(parent, f"{_SLAB}ConfidentialityInformation")
    _add(information, "PolicyIdentifier", marking.policy)
    _add(information, "Classification", bare_level(marking))
    # In the NATO policy its own name is a context, and what it is releasable to comes on top of that.
    context = marking.releasable_to & ({"NATO"} if marking.policy == "NATO" else frozenset())
    for kind, tag, values in (
        ("PERMISSIVE", "Context", context),
        ("PERMISSIVE", "Releasable To", marking.releasable_to - context),
        ("RESTRICTIVE", "Special Category", marking.categories),
        ("PERMISSIVE", "Need To Know", marking.need_to_know),
    ):
        if values:
            category = ElementTree.SubElement(information, f"{_SLAB}Category", {"Type": kind, "TagName": tag})
            for value in sorted(values):
                _add(category, "GenericValue", value)


def _add(parent: "Element", name: str, text: str) -> None:
    if not text.isprintable() or text != " ".join(text.split()) or not text:
        raise ValueError(f"{name} cannot hold {text!r}: XML would change it")
    ElementTree.SubElement(parent, f"{_SLAB}{name}").text = text


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
