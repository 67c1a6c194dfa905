"""The text is the file; spans are what a reader sees of it."""

from collections.abc import Callable
from time import perf_counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.markdown import load_markdown

Check = Callable[[Loaded], Loaded]


def seen(text: str) -> list[tuple[str, str, int | None, int]]:
    loaded = load_markdown("a.md", text.encode())
    assert loaded.text == text
    return [(span.kind.value, text[span.start : span.end], span.page, span.level) for span in loaded.spans]


def test_headings_are_spanned_without_their_marks() -> None:
    assert seen("# One\n## Two ##\n### C#\n####### no\n#no\n\nThree\n===\nFour\nfive\n---\n") == [
        ("heading", "One", None, 1),
        ("heading", "Two", None, 2),
        ("heading", "C#", None, 3),
        ("paragraph", "####### no\n#no", None, 0),
        ("heading", "Three", None, 1),
        ("heading", "Four\nfive", None, 2),
    ]


def test_a_rule_below_a_long_paragraph_or_a_list_makes_no_heading() -> None:
    assert [kind for kind, *_ in seen("word " * 80 + "\n---\n")] == ["paragraph"]
    assert [kind for kind, *_ in seen("- item\n---\n")] == ["paragraph"]


def test_page_markers_set_the_page_and_divide() -> None:
    assert seen("intro\n<!-- p.1 -->\nfirst\n<!-- p. 2 -->\nsecond\n\n<!-- page 3 -->third") == [
        ("paragraph", "intro", None, 0),
        ("paragraph", "first", 1, 0),
        ("paragraph", "second", 2, 0),
        ("paragraph", "third", 3, 0),
    ]


def test_comments_are_in_no_span() -> None:
    assert seen("see <!-- ignore all\nprevious --> this\n\n<!--\n\nhidden\n\n-->\nend") == [
        ("paragraph", "see", None, 0),
        ("paragraph", "this", None, 0),
        ("paragraph", "end", None, 0),
    ]
    assert seen("[//]: # (hidden)\n[comment]: <> (hidden)\nseen") == [("paragraph", "seen", None, 0)]


def test_what_looks_like_a_comment_but_is_shown_is_read() -> None:
    assert seen("use `<!-- x -->` here") == [("paragraph", "use `<!-- x -->` here", None, 0)]
    assert seen("a <!-- never\n\nclosed here --> b")[0][1] == "a <!-- never"
    assert seen("```\n<!-- shown -->\n# shown\n```") == [("paragraph", "```\n<!-- shown -->\n# shown\n```", None, 0)]


def test_a_long_comment_is_said() -> None:
    loaded = load_markdown("a.md", b"<!-- tags -->\n\ntext <!-- " + b"do as I say " * 9 + b"-->")
    assert [w for w in loaded.warnings if "comments (1)" in w]


def test_a_comment_that_never_closes_hides_the_rest_and_is_said() -> None:
    loaded = load_markdown("a.md", b"one\n\n<!-- two\n\nthree")
    assert len(loaded.spans) == 1
    assert "line 3" in loaded.warnings[0]


def test_tables_are_whole() -> None:
    text = "Strength:\n| unit | men |\n|---|--:|\n| A | 12 |\n| B | -3 |\nafter\n\na | b\n--|--\n1 | 2"
    assert [(kind, words) for kind, words, *_ in seen(text)] == [
        ("paragraph", "Strength:"),
        ("table", "| unit | men |\n|---|--:|\n| A | 12 |\n| B | -3 |"),
        ("paragraph", "after"),
        ("table", "a | b\n--|--\n1 | 2"),
    ]


def test_there_is_no_page_before_the_first() -> None:
    assert seen("<!-- p.0 -->text") == [("paragraph", "text", None, 0)]


def test_a_page_marker_counts_even_in_code() -> None:
    assert seen("```\na\n<!-- p.2 -->\nb\n```") == [("paragraph", "```\na", None, 0), ("paragraph", "b\n```", 2, 0)]


def test_code_is_kept_whole_and_a_fence_that_never_closes_costs_nothing() -> None:
    assert [words for _, words, *_ in seen("```py\n# no heading\n\nx = 1\n```\nafter")] == [
        "```py\n# no heading\n\nx = 1\n```",
        "after",
    ]
    assert [kind for kind, *_ in seen("```\n# a heading\n\ntext")] == ["paragraph", "heading", "paragraph"]


def test_front_matter_is_metadata_and_no_text() -> None:
    loaded = load_markdown("a.md", b'---\ntitle: "Orders"\ntags:\n- one\nlist: [a]\n---\n\nGo.')
    assert loaded.metadata == {"title": "Orders", "list": "[a]"}
    assert loaded.title == "Orders"
    assert loaded.text[loaded.spans[0].start :] == "Go."
    assert seen("---\nA sentence between rules.\n---\n")[0][1].startswith("A sentence")


def test_the_title_is_the_first_heading_of_the_first_level() -> None:
    assert load_markdown("a.md", b"## Second\n\n# First\n").title == "First"
    assert load_markdown("a.md", b"---\ntitle: Named\n---\n## Second\n").title == "Named"
    assert load_markdown("a.md", b"## Second\n\ntext").title == "Second"


def test_a_file_of_comments_holds_no_text() -> None:
    with pytest.raises(NotLoaded, match="holds no text"):
        load_markdown("a.md", b"<!-- p.1 -->\n\n---\n")


MARKUP = st.sampled_from(
    [
        "#",
        "## ",
        "\n",
        "\n\n",
        "---\n",
        "===\n",
        "- ",
        "|",
        "|--|",
        "`",
        "```\n",
        "~~~",
        ">",
        "    ",
        "a",
        "bc",
        "1. ",
        "\\",
        "*",
    ]
)


@given(st.lists(st.one_of(MARKUP, st.text(max_size=5))).map("".join))
def test_no_letter_is_lost(check: Check, text: str) -> None:
    """Without comments, every letter and digit is in a span."""
    text = "x\n\n" + text.replace("\r", "\n").replace("\0", "").replace("<!--", "").replace("[", "")
    loaded = check(load_markdown("a.md", text.encode("utf-8", "replace")))
    outside = list(loaded.text)
    for span in loaded.spans:
        outside[span.start : span.end] = " " * (span.end - span.start)
    assert not any(character.isalnum() for character in outside)


WORDS = st.text("abc de", min_size=1, max_size=12).filter(str.strip)
BLOCKS = st.lists(
    st.one_of(
        st.tuples(st.just("seen"), WORDS),
        st.tuples(st.just("hidden"), WORDS),
        st.tuples(st.just("page"), st.integers(1, 99).map(str)),
    ),
    min_size=1,
)


@given(BLOCKS, st.sampled_from(["\n", "\n\n"]))
def test_comments_hide_and_pages_hold(check: Check, parts: list[tuple[str, str]], between: str) -> None:
    assume(any(kind == "seen" for kind, _ in parts))
    written = {"seen": "{}", "hidden": "<!-- ZZ{} -->", "page": "<!-- p.{} -->"}
    loaded = check(load_markdown("a.md", between.join(written[kind].format(value) for kind, value in parts).encode()))
    expected: list[tuple[str, int | None]] = []
    page = None
    for kind, value in parts:
        if kind == "page":
            page = int(value)
        elif kind == "seen":
            expected.extend((letter, page) for letter in value if letter.strip())
    found = [
        (letter, span.page) for span in loaded.spans for letter in loaded.text[span.start : span.end] if letter.strip()
    ]
    assert found == expected


@pytest.mark.parametrize(
    "unit",
    [
        "a <!--\n",
        "<!-- x\n",
        "```\n",
        "`" * 3 + " `\n",
        "| a\n",
        "a\n---\n",
        "~~~~\n\n",
        "\\<!--",
        "a <!-- x -->\n",
        "a <!--\n\n",
        "<!-- x -->",
        "a <!-- \n \n",
    ],
)
def test_hostile_repetition_is_read_in_linear_time(check: Check, unit: str) -> None:
    started = perf_counter()
    check(load_markdown("a.md", b"x\n\n" + unit.encode() * (1_000_000 // len(unit)) + b"x -->"))
    assert perf_counter() - started < 15  # A second or less; the square of it would be hours.
