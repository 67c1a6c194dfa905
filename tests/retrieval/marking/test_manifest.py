"""A manifest says what holds for which documents, and each of its faults is told with its line."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.access import Marking
from retrieval.marking.manifest import Manifest, ManifestInvalid, Rule, parse_manifest, read_manifest, read_manifests
from retrieval.marking.statement import Stated

WHOLE = """
owner = "J2"
title = "Plans of the brigade"
authority = 10
marking = "Departementaal Vertrouwelijk"

[fields]
marking = ["Vertrouwelijkheid", "Klasse"]
valid_from = "Ingangsdatum"

[[rule]]
path = "plans/**"
marking = { policy = "NLD", level = "Stg. Geheim", releasable_to = ["NLD", "NATO"], categories = ["CRYPTO"] }

[[rule]]
path = "law/*-2026.xml"
valid_from = 2026-01-01
valid_until = "2030-01-01"
supersedes = "law/act-2017.xml"
title = "The act"
"""


def refusal(text: str) -> str:
    with pytest.raises(ManifestInvalid) as refused:
        parse_manifest(text)
    return str(refused.value)


def test_everything_in_a_manifest_is_read() -> None:
    manifest = parse_manifest(WHOLE)
    assert (manifest.owner, manifest.title, manifest.authority) == ("J2", "Plans of the brigade", 10)
    assert manifest.marking == Marking("NLD", "Departementaal Vertrouwelijk")
    assert manifest.fields == {"marking": ("Vertrouwelijkheid", "Klasse"), "valid_from": ("Ingangsdatum",)}
    secret = Marking("NLD", "Stg. Geheim", frozenset({"NLD", "NATO"}), frozenset({"CRYPTO"}))
    assert manifest.about("plans/a/b.docx") == Stated(marking=secret, sources=("corpus.toml, line 12",))
    assert manifest.about("law/act-2026.xml") == Stated(
        title="The act",
        valid_from=date(2026, 1, 1),
        valid_until=date(2030, 1, 1),
        supersedes="law/act-2017.xml",
    )
    assert manifest.about("readme.md") == Stated()


def test_an_empty_manifest_states_nothing() -> None:
    assert parse_manifest("") == Manifest()
    assert Manifest().about("a.md") == Stated()


def test_a_marking_is_written_in_words_as_an_inline_table_or_as_a_table() -> None:
    for text in (
        'marking = "NATO SECRET REL NLD"',
        'marking = { level = "NATO SECRET", releasable_to = "NLD" }',
        '[marking]\npolicy = "nato"\nlevel = "secret"\nreleasable_to = ["nld"]',
    ):
        assert parse_manifest(text).marking == Marking("NATO", "NATO SECRET", frozenset({"NLD"}))


@pytest.mark.parametrize(
    ("pattern", "named", "not_named"),
    [
        ("a.md", ["a.md", "a.md#12", "a.md#x#y"], ["b/a.md", "a.mdx", "A.md"]),
        ("*.md", ["a.md", ".md"], ["b/a.md", "a.md/b"]),
        ("**/*.md", ["a.md", "b/a.md", "c/b/a.md"], ["a.pdf"]),
        ("plans/**", ["plans/a", "plans/b/a"], ["plans", "my/plans/a", "plans2/a"]),
        ("plans/", ["plans/a", "plans/b/a"], ["plans"]),
        ("plans/*", ["plans/a"], ["plans/b/a"]),
        ("./plans/a?.md", ["plans/a1.md"], ["plans/a.md", "plans/a12.md"]),
        ("order (v1.2) [final]+.md", ["order (v1.2) [final]+.md"], ["order (v1x2) [final]+.md"]),
        ("caf\u00e9/**", ["cafe\u0301/a.md"], ["cafe/a.md"]),
        ("no #3.md", ["no #3.md"], ["no "]),
    ],
)
def test_a_pattern_names_whole_keys(pattern: str, named: list[str], not_named: list[str]) -> None:
    rule = Rule(pattern, 1)
    assert [key for key in named + not_named if rule.names(key)] == named


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_pattern_is_a_pattern_and_without_stars_names_itself(pattern: str, key: str) -> None:
    Rule(pattern, 1).names(key)
    plain = pattern.replace("*", "").replace("?", "").removeprefix("./").rstrip("/")
    assert Rule(plain, 1).names(plain)


def test_of_rules_that_disagree_the_stricter_marking_holds_and_the_last_of_the_rest() -> None:
    manifest = parse_manifest(
        """
        [[rule]]
        path = "**"
        marking = "Stg. Geheim"
        title = "A"
        valid_from = 2020-01-01
        [[rule]]
        path = "open/**"
        marking = "Ongerubriceerd"
        title = "B"
        """
    )
    found = manifest.about("open/a.md")
    assert found.marking == Marking("NLD", "Stg. Geheim")
    assert found.sources == ("corpus.toml, line 3", "corpus.toml, line 8")
    assert found.warnings == (
        "Its markings disagree: corpus.toml, line 3 says Stg. Geheim; corpus.toml, line 8 says Ongerubriceerd."
        " The stricter holds: Stg. Geheim.",
    )
    assert (found.title, found.valid_from) == ("B", date(2020, 1, 1))


def test_rules_of_two_policies_leave_a_document_in_quarantine() -> None:
    text = '[[rule]]\npath = "**"\nmarking = "Stg. Geheim"\n[[rule]]\npath = "a.md"\nmarking = "NATO SECRET"'
    found = parse_manifest(text).about("a.md")
    assert found.marking is None
    assert "two policies" in found.quarantine
    assert "line 2 says Stg. Geheim; corpus.toml, line 5 says NATO SECRET" in found.quarantine


def test_rules_that_name_no_document_are_told() -> None:
    manifest = parse_manifest(WHOLE)
    assert [rule.path for rule in manifest.unused(["plans/a.md", "readme.md"])] == ["law/*-2026.xml"]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('\nownr = "J2"', 2, "there is no 'ownr'; did you mean 'owner'?"),
        ('owner = "J2"\n[[rules]]\npath = "a"', 2, "there is no 'rules'; did you mean 'rule'?"),
        ('[[rule]]\npath = "a"\n\n[[rule]]\npath = "b"\nmarkng = "x"', 6, "did you mean 'marking'?"),
        ('owner = "J2"\nmarking = "Geheim"', 2, "'Geheim' is no level"),
        ('marking = { level = "SECRET", policy = "USA" }', 1, "there is no policy 'USA'"),
        ('[[rule]]\npath = "a"\nmarking = { levl = "x" }', 3, "did you mean 'level'?"),
        ('[[rule]]\npath = "a"\n[rule.marking]\nlevel = "Top"', 3, "'Top' is no level"),
        ('[marking]\nlevel = "NATO SECRET"\nreleasable_to = ["FVEY"]', 1, "'FVEY' is neither"),
        ("[fields]\nmarkings = 'x'", 2, "did you mean 'marking'?"),
        ("[fields]\nmarking = 3", 2, "marking is not a list of names"),
        ("owner = ''", 1, "owner is not a text"),
        ("authority = true", 1, "authority is not a whole number"),
        ("authority = 1.5", 1, "authority is not a whole number"),
        ("rule = 3", 1, "rule is not a list of tables"),
        ("fields = 3", 1, "fields is not a table"),
        ('[[rule]]\nmarking = "NATO SECRET"', 1, "the rule has no path"),
        ('[[rule]]\npath = "a"\nvalid_from = "soon"', 3, "valid_from is not a date"),
        ('[[rule]]\npath = "a"\nvalid_from = 2026-01-01T00:00:00', 3, "valid_from is not a date"),
        ('[[rule]]\npath = "a"\nvalid_from = 2026-02-01\nvalid_until = 2026-01-01', 4, "is not after valid_from"),
        ('[[rule]]\npath = "a"\nvalid_from = 2026-02-01\nvalid_until = 2026-02-01', 4, "never holds"),
        ('owner = "J2"\n[[rule]]\npath = "a"\nsupersedes = "a"', 3, "a circle: a supersedes a"),
        ('[[rule]]\npath = "*"\nsupersedes = "a"', 2, "a circle: a supersedes a"),
    ],
)
def test_a_fault_is_told_with_its_line(text: str, line: int, problem: str) -> None:
    told = refusal(text)
    assert told.startswith(f"corpus.toml, line {line}: ")
    assert problem in told


def test_supersession_in_a_circle_is_refused_however_long() -> None:
    rules = "".join(f'[[rule]]\npath = "{one}.md"\nsupersedes = "{other}.md"\n' for one, other in ("ab", "bc", "ca"))
    assert "a circle: b.md supersedes c.md supersedes a.md supersedes b.md" in refusal(rules)
    assert parse_manifest(rules[: rules.rindex("[[rule]]")]).about("a.md").supersedes == "b.md"


def test_what_is_no_toml_is_refused_with_its_line() -> None:
    assert "line 2" in refusal("owner = 'J2'\nmarking = = 3")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestInvalid, match="cannot be read"):
        read_manifest(tmp_path / "corpus.toml")
    (tmp_path / "corpus.toml").write_bytes(b"owner = '\xe9'")
    with pytest.raises(ManifestInvalid, match="is not UTF-8"):
        read_manifest(tmp_path / "corpus.toml")
    (tmp_path / "corpus.toml").write_text("owner = 'J2'")
    assert read_manifest(tmp_path / "corpus.toml").owner == "J2"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_manifest_in_a_folder_below_adds_its_rules_and_its_default(tmp_path: Path) -> None:
    write(tmp_path / "corpus.toml", 'owner = "J2"\nmarking = "Ongerubriceerd"\n[fields]\nmarking = "Klasse"')
    write(
        tmp_path / "law/corpus.toml",
        'owner = "Legal"\nmarking = "Stg. Geheim"\n[fields]\nmarking = "Niveau"\n[[rule]]\npath = "*.md"\n'
        'supersedes = "old/act.md"\nmarking = "Stg. Confidentieel"',
    )
    write(tmp_path / "law/open/corpus.toml", 'marking = "Departementaal Vertrouwelijk"')
    write(tmp_path / ".hidden/corpus.toml", "nonsense = 1")
    manifest = read_manifests(tmp_path)
    assert (manifest.owner, manifest.fields) == ("J2", {"marking": ("Klasse", "Niveau")})
    assert manifest.default("a.md") == ("the default of corpus.toml", Marking("NLD", "Ongerubriceerd"))
    assert manifest.default("law/x/a.pdf") == ("the default of law/corpus.toml", Marking("NLD", "Stg. Geheim"))
    nearest = ("the default of law/open/corpus.toml", Marking("NLD", "Departementaal Vertrouwelijk"))
    assert manifest.default("law/open/a.pdf") == nearest
    act = manifest.about("law/act.md")
    assert (act.marking, act.sources) == (Marking("NLD", "Stg. Confidentieel"), ("law/corpus.toml, line 6",))
    assert act.supersedes == "law/old/act.md"
    for key in ("act.md", "law2/act.md", "law/old/act.md"):
        assert manifest.about(key) == Stated()


def test_a_folder_without_manifests_states_nothing_and_a_file_has_the_one_beside_it(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "Text.")
    assert read_manifests(tmp_path) == read_manifests(tmp_path / "a.md") == Manifest()
    assert Manifest().default("a.md") is None
    write(tmp_path / "corpus.toml", 'marking = "Stg. Geheim"')
    assert read_manifests(tmp_path) == read_manifests(tmp_path / "a.md")
    assert read_manifests(tmp_path).marking == Marking("NLD", "Stg. Geheim")


def test_a_circle_through_two_manifests_is_refused_and_a_fault_names_its_file(tmp_path: Path) -> None:
    write(
        tmp_path / "corpus.toml",
        '[[rule]]\npath = "a.md"\nsupersedes = "law/b.md"\n[[rule]]\npath = "law/c.md"\nsupersedes = "a.md"',
    )
    write(tmp_path / "law/corpus.toml", '[[rule]]\npath = "b.md"\nsupersedes = "c.md"')
    with pytest.raises(ManifestInvalid, match=r"corpus.toml, line 2: a circle: law/b.md supersedes law/c.md"):
        read_manifests(tmp_path)
    write(tmp_path / "law/corpus.toml", "\nownr = 'J2'")
    with pytest.raises(ManifestInvalid, match=r"^law/corpus.toml, line 2: there is no 'ownr'"):
        read_manifests(tmp_path)


FRAGMENTS = """[[rule]]
[fields]
[marking]
[rule]
[[rule.marking]]
path = "a"
path = "**"
path = 3
supersedes = "a"
marking = {}
marking = "Stg. Geheim"
marking = ["a"]
level = "NATO SECRET"
releasable_to = ["NLD"]
valid_from = 2026-01-01
valid_until = 2025-01-01
owner = "J2"
authority = 2
x = 1"""
LINES = st.sampled_from(FRAGMENTS.splitlines()) | st.text(max_size=12)


@given(st.lists(LINES, max_size=8))
def test_every_text_is_a_manifest_or_refused_with_a_line(lines: list[str]) -> None:
    try:
        manifest = parse_manifest("\n".join(lines))
    except ManifestInvalid as error:
        told = error.problem
    else:
        assert all(rule.path for rule in manifest.rules)
        told = "line" if manifest.about("a") else ""
    assert "line" in told or "not valid TOML" in told
