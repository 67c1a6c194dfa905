"""A spreadsheet is read as its maker meant it, or refused with the line and column to mend."""

from pathlib import Path

import pytest

from evals.cases import Case, Nugget, Relevant
from evals.importing.gathering import Options
from evals.importing.reading import SourceInvalid
from evals.importing.spreadsheet import import_csv


def sheet(tmp_path: Path, text: str, *, encoding: str = "utf-8") -> tuple[Case, ...]:
    path = tmp_path / "vragen.csv"
    path.write_bytes(text.encode(encoding))
    return import_csv(path, Options(language="nl")).cases


def test_columns_are_read_whatever_their_order_and_case(tmp_path: Path) -> None:
    (case,) = sheet(
        tmp_path,
        "Question,ID,Expected,document,quote,page,tags,language,nuggets,must not contain,on_date,corpora\n"
        '"Which bridge,\nby night?",b1,Amber | the Amber bridge,order.md,Amber,2,fact|easy,en,six = 06:00 | Amber,'
        "Ochre,2026-02-04,plans\n",
    )
    assert (case.id, case.language, case.question) == ("b1", "en", "Which bridge,\nby night?")
    assert case.expected == ("Amber", "the Amber bridge")
    assert case.relevant == (Relevant("order.md", page=2, quote="Amber"),)
    assert case.nuggets == (Nugget(("six", "06:00")), Nugget(("Amber",)))
    assert case.tags == {"fact", "easy"}
    assert case.must_not_contain == ("Ochre",)
    assert str(case.on_date) == "2026-02-04"
    assert case.corpora == {"plans"}


def test_excel_in_dutch_writes_semicolons_and_windows_1252(tmp_path: Path) -> None:
    text = (
        "question;expected;answerable\nWie is de coördinator in de periode één?;luitenant Aïda, René;ja\nWaarom?;;nee\n"
    )
    first, second = sheet(tmp_path, text, encoding="cp1252")
    assert first.question == "Wie is de coördinator in de periode één?"
    assert first.expected == ("luitenant Aïda, René",)
    assert (first.id, first.language, first.source) == ("vragen-1", "nl", "vragen.csv#2")
    assert (second.id, second.answerable) == ("vragen-2", False)


def test_a_row_without_a_question_adds_a_place_to_the_one_above(tmp_path: Path) -> None:
    text = "question\texpected\tdocument\tgrade\nWie?\tJan\ta.md\t\n\t\tb.md\t2\n\n"
    (case,) = sheet(tmp_path, text)
    assert case.relevant == (Relevant("a.md"), Relevant("b.md", grade=2))


@pytest.mark.parametrize("answer", ["?", "unknown"])
def test_it_may_be_unknown_whether_there_is_an_answer(tmp_path: Path, answer: str) -> None:
    assert sheet(tmp_path, f"question,answerable\nWie?,{answer}\n")[0].answerable is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("question,expcted\nWie?,Jan\n", "line 1: there is no column 'expcted'"),
        ("expected\nJan\n", "line 1: there is no column 'question'"),
        ("question,question\nWie?,Wie?\n", "line 1: the column 'question' stands there twice"),
        ("question,answerable\nWie?,maybe\n", "line 2, column 'answerable': 'maybe' is not yes or no or \\?"),
        ("question,refusal\nWie?,?\n", "line 2, column 'refusal': '\\?' is not yes or no"),
        ("question,expected\nWie?,Jan\nWaar?,\n", "line 3, column 'expected': it is empty"),
        ('question,document,page\n"Wie\nis?",a.md,1\nWaar?,a.md,two\n', "line 4, column 'page': 'two' is not a whole"),
        ("question,document,page\nWie?,a.md,0\n", "line 2, column 'page': input should be greater"),
        ("question,document,grade\nWie?,a.md,4\n", "line 2, column 'grade': input should be less"),
        ("question,quote\nWie?,Jan\n", "line 2, column 'document': it is empty"),
        ("question,expected,language\nWie?,Jan,Dutch\n", "line 2, column 'language'"),
        ("question,expected,on_date\nWie?,Jan,4 feb\n", "line 2, column 'on_date'"),
        ("id,question,expected\n1,Wie?,Jan\n1,Waar?,Hier\n", "line 3, column 'id': '1' stands on line 2 as well"),
        ("question,expected\n,Jan\n", "line 2, column 'question': it is empty"),
        ("question,expected\nWie?,Jan\n,Piet\n", "line 3, column 'question': it is empty, and the row is not only"),
        ("question,expected\nWie?,Jan,Piet\n", "line 2 has more cells"),
        ("question,,expected\nWie?,Piet,Jan\n", "line 2, column '\\(without a name\\)'"),
        ("question,expected\nWie?,\"Jan\"s\n", "line 2: "),
        ("question,expected\n", "holds no questions"),
        ("", "holds no questions"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_line_and_column(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SourceInvalid, match=message):
        sheet(tmp_path, text)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceInvalid, match="cannot be read"):
        import_csv(tmp_path / "missing.csv", Options())
