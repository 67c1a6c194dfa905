"""Of what is stated about a document the stricter holds; what is unclear is held back, never served lower."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.access import POLICIES, Marking, high_water_mark
from retrieval.loading import Kind, Loaded, Span, load
from retrieval.marking import Label, Manifest, Rule, Stated, parse_manifest, state, write_label

OPEN, RESTRICTED, SECRET = (Marking("NLD", POLICIES["NLD"][number]) for number in (0, 1, 3))
NATO = Marking("NATO", "NATO RESTRICTED")
MADE, REVIEW = datetime(2026, 1, 5, tzinfo=UTC), datetime(2031, 1, 5, tzinfo=UTC)


def told(text: str = "The bridge is closed.", **metadata: str) -> Loaded:
    metadata = {key.replace("_", " "): value for key, value in metadata.items()}
    return Loaded(text, (Span(0, len(text), Kind.PARAGRAPH),), "", metadata)


def by_rule(marking: Marking, **more: date | str) -> Manifest:
    return Manifest(rules=(Rule("**", 3, marking, **more),))  # type: ignore[arg-type]


def labelled(path: Path, marking: Marking, *, name: str = "order.md.label.xml", **more: object) -> None:
    path.with_name(name).write_bytes(write_label(Label(marking, MADE, REVIEW, **more)))  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "order.md"


# Which marking holds


def test_a_document_that_nobody_marks_is_held_back(path: Path) -> None:
    stated = state("order.md", path, told())
    assert stated.marking is None
    assert stated.quarantine.startswith("It carries no marking and its corpus has no default; ")


def test_a_default_is_for_what_nothing_else_marks_and_the_manifests_goes_first(path: Path) -> None:
    assert state("order.md", path, told(), default=OPEN) == Stated(OPEN, ("the corpus's default",))
    manifest = parse_manifest('marking = "Departementaal Vertrouwelijk"')
    by_manifest = Stated(RESTRICTED, ("the default of corpus.toml",))
    assert state("order.md", path, told(), manifest, default=OPEN) == by_manifest
    assert state("order.md", path, told(marking="Stg. Geheim"), manifest, default=OPEN).marking == SECRET


def test_each_statement_marks_alone_and_is_named(path: Path) -> None:
    assert state("order.md", path, told(rubricering="Stg. Geheim")) == Stated(SECRET, ("its front matter",))
    assert state("order.md", path, told(), by_rule(SECRET)) == Stated(SECRET, ("corpus.toml, line 3",))
    labelled(path, SECRET)
    assert state("order.md", path, told()) == Stated(SECRET, ("its label order.md.label.xml",))


@pytest.mark.parametrize("name", ["order.md.label.xml", "order.label.xml", "order.md.xml", "order.xml"])
def test_a_label_lies_beside_its_document_under_any_of_its_names(path: Path, name: str) -> None:
    labelled(path, SECRET, name=name)
    assert state("order.md", path, told(), default=OPEN).marking == SECRET
    assert state("menu.md", path.with_name("menu.md"), told(), default=OPEN).marking == OPEN


def test_all_that_is_stated_counts_and_the_stricter_holds_with_a_warning(path: Path) -> None:
    labelled(path, OPEN)
    stated = state("order.md", path, told(marking="Stg. Geheim"), by_rule(RESTRICTED))
    assert stated.marking == SECRET
    assert stated.sources == ("its label order.md.label.xml", "corpus.toml, line 3", "its front matter")
    assert stated.warnings == (
        "Its markings disagree: its label order.md.label.xml says Ongerubriceerd; corpus.toml, line 3 says"
        " Departementaal Vertrouwelijk; its front matter says Stg. Geheim. The stricter holds: Stg. Geheim.",
    )


def test_statements_of_two_policies_hold_a_document_back(path: Path) -> None:
    stated = state("order.md", path, told(marking="NATO RESTRICTED"), by_rule(SECRET))
    assert stated.marking is None
    assert (
        "two policies, which have no order: corpus.toml, line 3 says Stg. Geheim; its front matter" in stated.quarantine
    )
    assert state("order.md", path, told(marking="NATO RESTRICTED"), default=OPEN).marking == NATO


def test_rules_of_two_policies_hold_a_document_back_whatever_the_default(path: Path) -> None:
    manifest = Manifest(rules=(Rule("**", 1, SECRET), Rule("*.md", 4, NATO)))
    stated = state("order.md", path, told(marking="Stg. Geheim"), manifest, default=OPEN)
    assert stated.marking is None
    assert "corpus.toml, line 1 says Stg. Geheim; corpus.toml, line 4 says NATO RESTRICTED" in stated.quarantine


def test_a_document_that_says_less_than_the_default_is_told_to_its_owner(path: Path) -> None:
    stated = state("order.md", path, told(marking="Ongerubriceerd"), default=RESTRICTED)
    assert stated.marking == OPEN
    assert stated.warnings == (
        "Its front matter says Ongerubriceerd, below what documents here get (Departementaal Vertrouwelijk).",
    )


def test_restrictions_without_a_level_narrow_whatever_level_holds(path: Path) -> None:
    restricted = told(releasable_to="[NLD, DEU]", need_to_know="G2", special_category="CRYPTO")
    expected = (frozenset({"NLD", "DEU"}), frozenset({"CRYPTO"}), frozenset({"G2"}))
    assert state("order.md", path, restricted, default=OPEN).marking == Marking("NLD", OPEN.level, *expected)
    assert state("order.md", path, restricted, by_rule(SECRET)).marking == Marking("NLD", SECRET.level, *expected)
    labelled(path, NATO)
    assert state("order.md", path, restricted).marking == Marking("NATO", NATO.level, *expected)


def test_a_label_is_not_served_lower_for_what_succeeds_it(path: Path) -> None:
    labelled(path, SECRET, successor=OPEN, succeeds=datetime(2020, 1, 1, tzinfo=UTC))
    stated = state("order.md", path, told())
    assert stated.marking == SECRET
    assert stated.warnings == (
        "By its label order.md.label.xml it becomes Ongerubriceerd on 2020-01-01; mark it anew then.",
    )


# What cannot be read


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<a/>", "it holds no originator's label"),
        (b"", "it is not well-formed XML"),
        (write_label(Label(SECRET, MADE, REVIEW)).replace(b">NLD<", b">USA<"), "there is no policy 'USA'"),
        (
            write_label(Label(SECRET, MADE, REVIEW)).replace(b"Stg. Geheim", b"Geheimst"),
            "'Geheimst' is no level of NLD",
        ),
    ],
)
def test_a_label_that_cannot_be_relied_on_holds_its_document_back_whatever_else_marks_it(
    path: Path, content: bytes, reason: str
) -> None:
    path.with_name("order.md.label.xml").write_bytes(content)
    stated = state("order.md", path, told(marking="Ongerubriceerd"), by_rule(OPEN), default=OPEN)
    assert stated.marking is None
    assert stated.quarantine.startswith(f"Its label order.md.label.xml cannot be relied on: {reason}")


def test_xml_that_is_no_label_is_a_document_of_its_own(path: Path) -> None:
    path.with_name("order.xml").write_text("<wet/>")
    assert state("order.md", path, told(), default=OPEN).marking == OPEN


@pytest.mark.parametrize(
    "metadata",
    [
        {"marking": "TOP SEKRET"},
        {"rubricering": "Geheim"},
        {"classification": "Internal"},
        {"releasable_to": "FVEY"},
        {"marking": "Ongerubriceerd", "rubricering": "NATO SECRET"},
        {"MSIP_Label_2f1e_Name": "Confidential"},
        {"marking": "SECRET", "marking_policy": "USA"},
        {"keywords": "bridges; Rubricering: onbekend"},
        {"keywords": "Rubricering: Stg. Geheim; Rubricering: Ongerubriceerd"},
    ],
    ids=str,
)
def test_what_a_document_says_unclearly_holds_it_back_unless_its_owner_marks_it(
    path: Path, metadata: dict[str, str]
) -> None:
    stated = state("order.md", path, told(**metadata), default=OPEN)
    assert stated.marking is None
    assert stated.quarantine.startswith("What its front matter says cannot be read: ")
    marked = state("order.md", path, told(**metadata), by_rule(RESTRICTED))
    assert marked.marking == RESTRICTED
    assert any("is not read" in warning for warning in marked.warnings)


@pytest.mark.parametrize(
    ("metadata", "marking"),
    [
        ({"X-Protective-Marking": "VER=2018.6, NS=gov.example, SEC=NATO RESTRICTED, ORIGIN=a@b"}, NATO),
        ({"SIO-Label": 'marking="Stg. Geheim"; fgcolor=black; bgcolor=red'}, SECRET),
        ({"X-Protective-Marking": "Departementaal Vertrouwelijk"}, RESTRICTED),
        ({"MSIP_Label_2f1e_Name": "Departementaal Vertrouwelijk"}, RESTRICTED),
        ({"keywords": "brug, vuur; Rubricering: Stg. Geheim"}, SECRET),
        ({"Security Classification": "nato restricted"}, NATO),
        ({"marking": "restricted", "marking_policy": "NATO"}, NATO),
    ],
    ids=str,
)
def test_properties_and_mail_headers_are_read_in_their_own_forms(
    path: Path, metadata: dict[str, str], marking: Marking
) -> None:
    loaded = Loaded("Text.", (Span(0, 5, Kind.PARAGRAPH),), "", metadata)
    assert state("order.eml", path.with_name("order.eml"), loaded) == Stated(marking, ("its mail header",))


def test_an_owner_names_the_fields_of_other_systems(path: Path) -> None:
    manifest = parse_manifest('[fields]\nmarking = "Vertrouwelijkheid"\nvalid_from = ["Ingangsdatum"]')
    stated = state("order.md", path, told(Vertrouwelijkheid="Stg. Geheim", ingangsdatum="01-02-2026"), manifest)
    assert (stated.marking, stated.valid_from) == (SECRET, date(2026, 2, 1))


def test_front_matter_is_read_as_it_stands_in_a_file(path: Path) -> None:
    path.write_text(
        "---\nrubricering: 'Stg. Geheim'\nneed_to_know:\n  - G2\n  - G3\nreleasable_to: [NLD]\n"
        "geldig_vanaf: 2026-01-01\ngeldig_tot: 2027-01-01\nvervangt: old.md\n---\n# Order\n\nThe bridge is closed.\n"
    )
    stated = state("order.md", path, load(path))
    marking = Marking("NLD", "Stg. Geheim", frozenset({"NLD"}), frozenset(), frozenset({"G2", "G3"}))
    assert (stated.marking, stated.quarantine) == (marking, "")
    assert (stated.valid_from, stated.valid_until, stated.supersedes) == (date(2026, 1, 1), date(2027, 1, 1), "old.md")


# Validity


def test_the_owners_dates_go_before_the_documents_and_the_owner_is_told(path: Path) -> None:
    manifest = by_rule(OPEN, valid_from=date(2026, 1, 1), supersedes="law-2017.md", title="The law")
    stated = state("law.md", path, told(valid_from="2020-01-01", valid_until="2030-01-01"), manifest)
    assert (stated.valid_from, stated.valid_until) == (date(2026, 1, 1), date(2030, 1, 1))
    assert (stated.supersedes, stated.title) == ("law-2017.md", "The law")
    assert stated.warnings == (
        "corpus.toml says valid_from 2026-01-01, its front matter 2020-01-01; corpus.toml holds.",
    )


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"valid_until": "next year"}, "valid until 'next year' is not a date"),
        ({"valid_from": "2026-13-01"}, "valid from '2026-13-01' is not a date"),
        ({"valid_from": "2026-02-01", "valid_until": "2026-01-01"}, "which is never"),
        ({"valid_from": "2026-02-01", "valid_until": "2026-02-01"}, "which is never"),
    ],
)
def test_a_validity_that_cannot_be_holds_a_document_back(path: Path, metadata: dict[str, str], reason: str) -> None:
    stated = state("law.md", path, told(**metadata), default=OPEN)
    assert stated.marking is None
    assert reason in stated.quarantine


def test_a_document_that_supersedes_itself_supersedes_nothing(path: Path) -> None:
    stated = state("law.md", path, told(supersedes="law.md"), default=OPEN)
    assert stated.supersedes is None
    assert stated.warnings == ("It says that it supersedes itself, which is passed over.",)


# What stands on it


def test_a_document_with_more_in_its_header_than_its_marking_says_is_told(path: Path) -> None:
    stated = state("order.md", path, told(header="NATO SECRET / page 1"), default=NATO)
    assert stated.marking == NATO
    assert stated.warnings == (
        "On it stands NATO SECRET (header), and it is marked NATO RESTRICTED; check its marking.",
    )
    assert state("order.md", path, told(header="NATO UNCLASSIFIED"), default=NATO).warnings == ()


# Properties

MARKINGS = st.builds(
    Marking,
    st.just("NLD"),
    st.sampled_from(POLICIES["NLD"]),
    st.frozensets(st.sampled_from(["NLD", "DEU", "NATO"])),
    st.frozensets(st.sampled_from(["CRYPTO", "ATOMAL"])),
    st.frozensets(st.sampled_from(["G2", "G3"])),
)


def _metadata(marking: Marking) -> dict[str, str]:
    sets = {"releasable_to": marking.releasable_to, "special_category": marking.categories}
    sets["need_to_know"] = marking.need_to_know
    return {"marking": marking.level, **{key: ", ".join(sorted(values)) for key, values in sets.items()}}


@given(label=st.none() | MARKINGS, rule=st.none() | MARKINGS, own=st.none() | MARKINGS, default=st.none() | MARKINGS)
def test_whatever_is_stated_holds_at_least(
    tmp_path_factory: pytest.TempPathFactory,
    label: Marking | None,
    rule: Marking | None,
    own: Marking | None,
    default: Marking | None,
) -> None:
    path = tmp_path_factory.mktemp("stated") / "order.md"
    if label:
        labelled(path, label)
    manifest = by_rule(rule) if rule else None
    stated = state("order.md", path, told(**(_metadata(own) if own else {})), manifest, default=default)
    explicit = [one for one in (label, rule, own) if one]
    assert stated.marking == (high_water_mark(explicit) or default)
    assert bool(stated.quarantine) == (stated.marking is None)


KEYS = st.text(max_size=8) | st.sampled_from(
    "marking,Rubricering,marking policy,releasable_to,special category,need-to-know,valid_from,geldig tot,supersedes,"
    "keywords,header,x-protective-marking,MSIP_Label_1_Name".split(",")
)
VALUES = st.sampled_from(
    ["Stg. Geheim", "NATO SECRET REL NLD", "NATO", "NLD/DEU", "[", "2026-01-01", "SEC=,", 'marking=""', "marking: "]
) | st.text(max_size=20)


@given(st.dictionaries(KEYS, VALUES, max_size=5), st.text(max_size=40), st.sampled_from(["a.md", "a.eml", "a.pdf", ""]))
def test_no_metadata_is_too_odd_and_no_document_is_without_a_marking_or_a_reason(
    metadata: dict[str, str], text: str, name: str
) -> None:
    loaded = Loaded(f"---\n{text}\n---\nText", (Span(0, 3, Kind.PARAGRAPH),), "", metadata)
    stated = state("a.md", Path("/nowhere") / name, loaded, default=OPEN)
    assert (stated.marking is None) == bool(stated.quarantine)
    if stated.marking:
        assert stated.marking.level in POLICIES[stated.marking.policy]
        assert not (stated.valid_from and stated.valid_until) or stated.valid_from < stated.valid_until
