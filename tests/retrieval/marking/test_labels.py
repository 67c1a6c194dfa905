"""A label is read whole or refused in a sentence; what is written is read back the same."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.access import POLICIES, Marking
from retrieval.marking.labels import BINDING, NAMESPACE, Label, LabelInvalid, is_label, read_label, write_label
from retrieval.policies import MEMBERS

MADE = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
REVIEW = datetime(2031, 1, 5, tzinfo=UTC)


def category(tag: str, *values: str, kind: str = "PERMISSIVE") -> str:
    told = "".join(f"<s:GenericValue>{value}</s:GenericValue>" for value in values)
    return f'<s:Category Type="{kind}" TagName="{tag}">{told}</s:Category>'


def label(
    *categories: str,
    policy: str = "NATO",
    level: str = "SECRET",
    root: str = "originatorConfidentialityLabel",
    more: str = "<s:CreationDateTime>2026-01-05T09:30:00Z</s:CreationDateTime>",
) -> str:
    return (
        f'<s:{root} xmlns:s="{NAMESPACE}" ReviewDateTime="2031-01-05T00:00:00Z"><s:ConfidentialityInformation>'
        f"<s:PolicyIdentifier>{policy}</s:PolicyIdentifier><s:Classification>{level}</s:Classification>"
        f"{''.join(categories)}</s:ConfidentialityInformation>{more}</s:{root}>"
    )


def succession(*categories: str, policy: str = "NATO", level: str = "RESTRICTED") -> str:
    inner = label(*categories, policy=policy, level=level, root="SuccessorConfidentialityLabel")
    return (
        "<s:CreationDateTime>2026-01-05T09:30:00Z</s:CreationDateTime><s:SuccessionHandling>"
        f"<s:SuccessionDateTime>2030-01-01T00:00:00Z</s:SuccessionDateTime>{inner}</s:SuccessionHandling>"
    )


def marking(text: str) -> Marking:
    return read_label(text.encode()).marking


def refusal(text: str | bytes) -> str:
    with pytest.raises(LabelInvalid) as refused:
        read_label(text.encode() if isinstance(text, str) else text)
    return refused.value.reason


# Reading


@pytest.mark.parametrize(
    ("policy", "level", "read"),
    [
        ("NATO", "SECRET", ("NATO", "NATO SECRET")),
        ("NATO", "NATO SECRET", ("NATO", "NATO SECRET")),
        ("nato", "secret", ("NATO", "NATO SECRET")),
        ("NATO", "TOP SECRET", ("NATO", "COSMIC TOP SECRET")),
        ("NATO", " RESTRICTED\n", ("NATO", "NATO RESTRICTED")),
        ("NLD", "Stg. Geheim", ("NLD", "Stg. Geheim")),
        ("NLD", "DEPARTEMENTAAL VERTROUWELIJK", ("NLD", "Departementaal Vertrouwelijk")),
        ("EU", "RESTREINT UE/EU RESTRICTED", ("EU", "RESTREINT UE/EU RESTRICTED")),
        ("EU", "EU SECRET", ("EU", "SECRET UE/EU SECRET")),
    ],
)
def test_policy_and_classification_become_policy_and_level(policy: str, level: str, read: tuple[str, str]) -> None:
    assert marking(label(policy=policy, level=level)) == Marking(*read)


@pytest.mark.parametrize(
    ("categories", "part", "values"),
    [
        ([category("Releasable To", "NLD", "deu")], "releasable_to", {"NLD", "DEU"}),
        ([category("Context", "NATO")], "releasable_to", {"NATO"}),
        ([category("Context", "NATO"), category("Releasable To", "AUS", "EU")], "releasable_to", {"NATO", "AUS", "EU"}),
        ([category("Context", "NATO"), category("Only", "NLD", "JPN")], "releasable_to", {"NLD"}),
        ([category("Only", "NLD", "DEU")], "releasable_to", {"NLD", "DEU"}),
        ([category("Context", "NATO"), category("Only", "JPN")], "releasable_to", {"NONE"}),
        ([category("Need To Know", "G2", "Cell 3")], "need_to_know", {"G2", "Cell 3"}),
        (
            [
                category("Special Category", "ATOMAL", kind="RESTRICTIVE"),
                category("Additional Sensitivity", "CRYPTO", kind="RESTRICTIVE"),
            ],
            "categories",
            {"ATOMAL", "CRYPTO"},
        ),
        ([category("Administrative", "STAFF", kind="INFORMATIVE")], "categories", set()),
    ],
)
def test_categories_restrict_by_what_they_are(categories: list[str], part: str, values: set[str]) -> None:
    found = marking(label(*categories))
    assert getattr(found, part) == values
    assert all(not getattr(found, other) for other in {"releasable_to", "categories", "need_to_know"} - {part})


def test_a_name_that_is_no_nation_opens_nothing_and_is_told() -> None:
    read = read_label(label(category("Releasable To", "KFOR", "NLD")).encode())
    assert read.marking.releasable_to == {"KFOR", "NLD"}
    assert read.warnings == ("'KFOR' is no nation or group known here and opens nothing",)


def test_when_it_was_made_and_is_reviewed_is_read() -> None:
    read = read_label(label().encode())
    assert (read.created, read.review, read.warnings) == (MADE, REVIEW, ())


def test_a_label_that_does_not_tell_when_it_was_made_is_read_with_a_warning() -> None:
    read = read_label(label(more="").encode())
    assert read.created is None
    assert read.warnings == ("it does not tell when it was made",)


@pytest.mark.parametrize(
    ("level", "holds"), [("RESTRICTED", "NATO SECRET"), ("TOP SECRET", "COSMIC TOP SECRET")], ids=["falls", "rises"]
)
def test_a_successor_is_told_and_never_lowers_what_holds(level: str, holds: str) -> None:
    read = read_label(label(more=succession(level=level)).encode())
    assert read.successor == marking(label(level=level))
    assert read.succeeds == datetime(2030, 1, 1, tzinfo=UTC)
    assert (read.marking.level, read.holds.level) == ("NATO SECRET", holds)


def test_a_successor_of_another_policy_has_no_order_with_it() -> None:
    read = read_label(label(more=succession(policy="NLD", level="Stg. Geheim")).encode())
    with pytest.raises(LabelInvalid, match="another policy"):
        _ = read.holds


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_label_is_known_and_read_in_any_encoding_of_xml(encoding: str) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?>{label()}'.encode(encoding)
    assert is_label(content)
    assert read_label(content).marking == Marking("NATO", "NATO SECRET")


def test_other_xml_is_no_label() -> None:
    assert not is_label(b"<wet><artikel>1</artikel></wet>")


def test_a_label_is_found_in_its_binding() -> None:
    def bound(*labels: str) -> str:
        inside = "".join(f"<m:Metadata>{one}</m:Metadata>" for one in labels)
        container = f"<m:MetadataBindingContainer>{inside}</m:MetadataBindingContainer>"
        return f'<m:BindingInformation xmlns:m="{BINDING}">{container}</m:BindingInformation>'

    equivalent = label(policy="NLD", level="Ongerubriceerd", root="alternativeConfidentialityLabel")
    assert marking(bound(label(), equivalent)) == Marking("NATO", "NATO SECRET")
    assert "binds 2" in refusal(bound(label(), label(level="RESTRICTED")))
    assert "binds 0" in refusal(bound(equivalent))


# Refusing


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (label(policy="PUBLIC", level="UNMARKED"), "there is no policy 'PUBLIC'"),
        (label(level="VERY SECRET"), "'VERY SECRET' is no level of NATO"),
        (label(policy="NLD", level="NATO SECRET"), "'NATO SECRET' is no level of NLD"),
        (label(policy=" "), "PolicyIdentifier is empty"),
        (label().replace("Classification", "Klassifikation"), "'Klassifikation' has no place"),
        (label().replace("<s:Classification>SECRET</s:Classification>", ""), "it has no Classification"),
        (label("<s:Classification>UNCLASSIFIED</s:Classification>"), "more than one Classification"),
        (label().replace(">SECRET<", "><s:x/>SECRET<"), "elements instead of text"),
        (label(category("Releasable To")), "'Releasable To' has no value"),
        (label(category("Releasable To", " ")), "an empty one"),
        (label(category("Cooperation", "BLUE")), "it permits by 'Cooperation'"),
        (label(category("Only", "NLD"), category("only", "DEU")), "the category 'only' twice"),
        (label(category("Releasable To", "NLD", kind="permissive")), "the type 'permissive'"),
        (label(category("", "NLD")), "without a TagName"),
        (label(category("Special", "A", kind="RESTRICTIVE").replace("Generic", "Integer")), "'IntegerValue'"),
        (label(root="alternativeConfidentialityLabel"), "no originator's label"),
        (label(more="<s:CreationDateTime>yesterday</s:CreationDateTime>"), "'yesterday' is no date"),
        (label(more=succession(level="MOST SECRET")), "'MOST SECRET' is no level"),
        (label(more=succession().replace("SuccessionDateTime", "SuccessionTime")), "'SuccessionTime' has no place"),
        (label()[:-9], "not well-formed"),
        ("", "not well-formed"),
        ("<wet/>", "no originator's label"),
        (f'<!DOCTYPE x [<!ENTITY a "SECRET">]>{label(level="&a;")}', "document type or entities"),
        (f'<!DOCTYPE x SYSTEM "file:///etc/hostname">{label()}', "document type or entities"),
        (label(category("Need To Know", "G" * 1_100_000)), "larger than"),
    ],
)
def test_a_label_that_cannot_be_relied_on_is_refused_in_a_clause(text: str, reason: str) -> None:
    assert reason in refusal(text)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_are_too_odd_to_be_refused(content: bytes) -> None:
    with pytest.raises(LabelInvalid):
        read_label(content)


@given(st.data())
def test_a_label_that_is_cut_or_changed_somewhere_is_refused_or_keeps_its_level(data: st.DataObject) -> None:
    whole = label(category("Releasable To", "NLD"), category("Special", "ATOMAL", kind="RESTRICTIVE"))
    start = data.draw(st.integers(0, len(whole)))
    cut = whole[:start] + whole[data.draw(st.integers(start, len(whole))) :]
    try:
        read = marking(cut)
    except LabelInvalid:
        return
    # What parses after a cut lacks whole elements at most: never the level, and never another one.
    assert (read.policy, read.level) == ("NATO", "NATO SECRET")


# Writing

NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=12)
NATIONS = st.sampled_from(["NLD", "DEU", "AUS", *MEMBERS])


def markings(policy: str) -> st.SearchStrategy[Marking]:
    return st.builds(
        Marking,
        st.just(policy),
        st.sampled_from(POLICIES[policy]),
        st.frozensets(NATIONS),
        st.frozensets(NAMES),
        st.frozensets(NAMES),
    )


ANY_MARKING = st.sampled_from(sorted(POLICIES)).flatmap(markings)
MOMENTS = st.datetimes(datetime(1949, 4, 4), datetime(2149, 4, 4), timezones=st.just(UTC))
LABELS = st.one_of(
    st.builds(Label, ANY_MARKING, MOMENTS, MOMENTS),
    st.builds(Label, ANY_MARKING, MOMENTS, st.none() | MOMENTS, ANY_MARKING, MOMENTS),
)


@given(LABELS)
def test_what_is_written_is_read_back_the_same(one: Label) -> None:
    written = write_label(one)
    assert is_label(written)
    assert read_label(written) == one


def test_a_nato_label_says_its_level_and_context_as_the_policy_does() -> None:
    written = write_label(Label(Marking("NATO", "NATO SECRET", frozenset({"NATO", "AUS"})), MADE, REVIEW)).decode()
    assert "<slab:Classification>SECRET</slab:Classification>" in written
    assert 'ReviewDateTime="2031-01-05T00:00:00Z"' in written
    context, released = written.index('TagName="Context"'), written.index('TagName="Releasable To"')
    assert context < written.index("NATO</slab:GenericValue>") < released < written.index("AUS</slab:GenericValue>")


SECRET = Marking("NATO", "NATO SECRET")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Label(SECRET, None, REVIEW),
        lambda: Label(SECRET, MADE),
        lambda: Label(SECRET, MADE, REVIEW, successor=SECRET),
        lambda: Label(Marking("NATO", "VERY SECRET"), MADE, REVIEW),
        lambda: Label(Marking("TLP", "RED"), MADE, REVIEW),
        lambda: Label(Marking("NATO", "NATO SECRET", categories=frozenset({"A\x00B"})), MADE, REVIEW),
        lambda: Label(Marking("NATO", "NATO SECRET", categories=frozenset({" A"})), MADE, REVIEW),
        lambda: Label(Marking("NATO", "NATO SECRET", need_to_know=frozenset({""})), MADE, REVIEW),
    ],
)
def test_what_the_standard_does_not_allow_is_not_written(make: Callable[[], Label]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        write_label(make())
