"""Stored text as headings, paragraphs and tables: no character is lost, and the quote is marked exactly."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.entrypoints.documents.blocks import PART_CHARACTERS, Block, Form, lay_out, paragraphs, parts
from tests.making import a_passage

TABLE = "Bridge | Class\nKruisvoorde | MLC 40\nZuiderwaag | MLC 20"


def _pieces(block: Block) -> list[tuple[str, bool]]:
    cells = [cell for row in block.rows for cell in row] or [block.pieces]
    return [(piece.text, piece.quoted) for cell in cells for piece in cell]


def test_headings_are_told_once_and_again_when_they_change() -> None:
    told = lay_out(
        [
            a_passage("One.", heading="A > B"),
            a_passage("Two.", heading="A > B", start=10),
            a_passage("Three.", heading="A > C", start=20),
        ]
    )
    headings = [(block.level, block.pieces[0].text) for block in told if block.form is Form.HEADING]
    assert headings == [(1, "A"), (2, "B"), (2, "C")]


def test_the_header_of_a_table_that_was_cut_is_no_heading() -> None:
    told = lay_out([a_passage(TABLE, heading="Bridges > Bridge | Class")])
    assert [block.form for block in told] == [Form.HEADING, Form.TABLE]


def test_a_bare_markdown_heading_is_a_heading() -> None:
    (block,) = lay_out([a_passage("## Bridges", start=5)], start=8, end=15)
    assert (block.form, block.level, _pieces(block)) == (Form.HEADING, 2, [("Bridges", True)])


def test_a_quote_may_run_through_cells_and_begins_once() -> None:
    passage = a_passage(TABLE, start=100)
    start = 100 + TABLE.index("MLC 40")
    (block,) = lay_out([passage], start=start, end=100 + TABLE.index(" | MLC 20"))
    assert [text for text, quoted in _pieces(block) if quoted] == ["MLC 40", "Zuiderwaag"]
    firsts = [piece.first for row in block.rows for cell in row for piece in cell]
    assert firsts.count(True) == 1


def test_markdown_tables_lose_their_rule_and_outer_bars() -> None:
    (block,) = lay_out([a_passage("| a | b |\n|---|:-:|\n| 1 | 2 |")])
    assert [[cell[0].text for cell in row] for row in block.rows] == [["a", "b"], ["1", "2"]]


@given(
    st.text(alphabet="ab |\n#\t", min_size=1, max_size=80).filter(str.strip),
    st.integers(0, 80),
    st.integers(0, 80),
)
def test_what_is_marked_is_what_is_quoted_and_nothing_is_invented(text: str, one: int, other: int) -> None:
    start, end = sorted((one, other))
    blocks = lay_out([a_passage(text, start=7)], start=7 + start, end=7 + end)
    told = [piece for block in blocks for piece in _pieces(block)]
    marked = "".join(words for words, quoted in told if quoted)
    assert _letters(marked) == _letters(text[start:end])
    assert _letters("".join(words for words, _ in told)) == _letters(text)


def _letters(text: str) -> str:
    return "".join(character for character in text if character in "ab")


def test_parts_hold_whole_passages_and_all_of_them() -> None:
    outline = [(at, at + 900, None) for at in range(0, 100_000, 1000)]
    found = parts(outline)
    assert len(found) > 3
    assert found[0][0] == 0
    assert found[-1][1] == outline[-1][1]
    assert all(end - start <= 2 * PART_CHARACTERS for start, end in found)
    assert parts([]) == []


def test_a_table_is_compared_row_by_row() -> None:
    assert paragraphs([a_passage(TABLE, heading="Bridges")]) == ["Bridges", *TABLE.split("\n")]
