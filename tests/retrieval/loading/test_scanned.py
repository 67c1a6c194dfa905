"""What Tesseract is not sure of is no text."""

import pytest

from retrieval.loading.scanned import Picture, Recognised, confidences, doubtful, page_ranges, read_table, recognise
from tests.retrieval.loading.recognition import needs_tesseract

HEADER = "level page_num block_num par_num line_num word_num left top width height conf text".replace(" ", "\t")


def word(text: str, confidence: float, *, block: int = 1, paragraph: int = 1, line: int = 1) -> str:
    return f"5\t1\t{block}\t{paragraph}\t{line}\t1\t0\t0\t9\t9\t{confidence}\t{text}"


def table(*rows: str) -> str:
    return "\n".join([HEADER, *rows, ""])


def test_words_are_put_together_by_line_and_paragraph_and_broken_words_are_marked() -> None:
    found = read_table(
        table(
            word("the", 90), word("conv-", 90), word("oy", 90, line=2), word("moves", 90, line=2),
            word("-5", 90, paragraph=2), word("again", 90, block=2),
        )
    )  # fmt: skip
    assert found.paragraphs == ("the conv\x02oy moves", "-5", "again")


def test_confidence_counts_each_character() -> None:
    assert read_table(table(word("abc", 90), word("d", 50))).confidence == pytest.approx(80)


def test_nonsense_is_left_out_by_paragraph_and_by_page() -> None:
    found = read_table(table(word("legible words", 95), word("~;x", 10, block=2)))
    assert found.paragraphs == ("legible words",)
    assert read_table(table(word("ok", 90), word("upside down words", 30, block=2))).paragraphs == ()
    assert read_table(HEADER) == Recognised((), 0.0)


def test_a_broken_row_is_no_word() -> None:
    assert read_table(table("5\t1", word("word", 90), "", "4\t1\t1\t1\t1\t0\t0\t0\t9\t9\t-1\t")).paragraphs == ("word",)


def test_confidence_is_told_for_each_page() -> None:
    pages = {1: Recognised(("a",), 95.2), 2: Recognised((), 20), 10: Recognised(("b",), 55)}
    assert confidences(pages) == {"ocr confidence": "75 (page 1: 95, page 10: 55)"}
    assert doubtful(pages) == [10]
    assert confidences({2: Recognised((), 20)}) == {}


def test_page_numbers_are_written_as_ranges() -> None:
    assert page_ranges([3]) == "page 3"
    assert page_ranges([2, 5, 6, 7, 9]) == "pages 2, 5-7, 9"


@needs_tesseract
@pytest.mark.parametrize("size", [(1, 1), (3, 2), (200, 100)])
def test_a_picture_of_nothing_holds_no_text(size: tuple[int, int]) -> None:
    width, height = size
    assert recognise(Picture(width, height, bytes([255]) * width * height, 300)).paragraphs == ()
