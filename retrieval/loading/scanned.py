"""Recognise the characters in pictures, with the Tesseract program where it is installed.

Refuses to guess: a page that Tesseract is not sure of yields no text, and every page tells its confidence. Knows no
PDF; `pdf_scans` draws its pages."""

import itertools
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import mean

from retrieval.limits import in_force, progress
from retrieval.loading.hyphens import join_lines

REMEDY = (
    "install Tesseract with Dutch and English (packages tesseract-ocr and tesseract-ocr-nld) and add it again, "
    "or recognise its text (OCR) elsewhere and add the result"
)
"""What to do where nothing can be recognised, to follow a semicolon."""

# Dots to an inch at which pages are drawn: the resolution that Tesseract was trained for.
DPI = 300
DOUBTFUL = 60
"""A page recognised with less confidence (per cent) is named to its owner."""
# Text upside down is 'recognised' with 34, a photograph with 38; the poorest true text seen, white on a drawing, 60.
_NONSENSE = 45

_WANTED = ("nld", "eng")
# Automatic segmentation, with the orientation of the page where its data is installed: a page that lay upside down
# under the scanner goes from 34 to 95, at 15 % more time.
_SEGMENTED, _ORIENTED = "3", "1"
_ORIENTATION = "osd"
_WORD_LEVEL = "5"


@dataclass(frozen=True, slots=True)
class Picture:
    """Grey values of a page."""

    width: int
    height: int
    grey: bytes
    """One byte a pixel, rows from the top."""
    dpi: int


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a picture says."""

    paragraphs: tuple[str, ...]
    """In reading order, their lines divided by '\\n', broken words marked (`hyphens`). None where the
    picture holds no text that can be relied on."""
    confidence: float
    """Of Tesseract in its words, 0-100, the mean over their characters."""


@dataclass(frozen=True, slots=True)
class _Word:
    line: str
    confidence: float
    text: str


class NoTesseract(Exception):
    """The program, or its data for Dutch and English, is not installed."""


def recognise(picture: Picture) -> Recognised:
    """Recognise one picture. What takes longer than the limit for a page counts as not recognised.

    Raises NoTesseract."""
    program = shutil.which("tesseract")
    if program is None:
        raise NoTesseract
    known = _languages(program)
    languages = "+".join(language for language in _WANTED if language in known)
    if not languages:
        raise NoTesseract
    segmentation = _ORIENTED if _ORIENTATION in known else _SEGMENTED
    arguments = ["stdin", "stdout", "-l", languages, "--dpi", str(picture.dpi), "--psm", segmentation, "tsv"]
    header = b"P5 %d %d 255\n" % (picture.width, picture.height)
    try:
        done = _run(program, arguments, header + picture.grey)
    except subprocess.TimeoutExpired:
        return Recognised((), 0.0)
    finally:
        progress.get()()
    # A picture that it refuses (a line of pixels) holds no text.
    return read_table(done.stdout.decode("utf-8", "replace")) if done.returncode == 0 else Recognised((), 0.0)


def lacks_dutch() -> bool:
    """Whether Tesseract is there, but reads English only."""
    program = shutil.which("tesseract")
    return program is not None and "nld" not in _languages(program)


def read_table(table: str) -> Recognised:
    """Read Tesseract's `tsv` output: a line for each word, with its block, paragraph and line, confidence and text."""
    paragraphs: dict[tuple[str, str], list[_Word]] = {}
    for row in table.splitlines()[1:]:
        columns = row.split("\t")
        if len(columns) == 12 and columns[0] == _WORD_LEVEL and columns[11].strip():
            _, _, block, paragraph, line, *_, confidence, text = columns
            paragraphs.setdefault((block, paragraph), []).append(_Word(line, float(confidence), text))
    sure = [words for words in paragraphs.values() if _confidence(words) >= _NONSENSE]
    confidence_of_all = _confidence([word for words in paragraphs.values() for word in words])
    # Of a page of nonsense, what looks like words by chance is nonsense too.
    kept = sure if confidence_of_all >= _NONSENSE else []
    return Recognised(tuple(join_lines(_written(words)) for words in kept), confidence_of_all)


def _confidence(words: Sequence[_Word]) -> float:
    characters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / characters if characters else 0.0


def _written(words: Sequence[_Word]) -> str:
    lines = itertools.groupby(words, key=lambda word: word.line)
    return "\n".join(" ".join(word.text for word in line) for _, line in lines)


def confidences(pages: Mapping[int, Recognised]) -> dict[str, str]:
    """Return, as metadata, how sure Tesseract was: the mean of the pages that were recognised, then each of them."""
    told = {number: round(page.confidence) for number, page in sorted(pages.items()) if page.paragraphs}
    if not told:
        return {}
    each = ", ".join(f"page {number}: {confidence}" for number, confidence in told.items())
    return {"ocr confidence": f"{mean(told.values()):.0f} ({each})"}


def doubtful(pages: Mapping[int, Recognised]) -> Sequence[int]:
    """Return the pages that were recognised, but not surely."""
    return [number for number, page in sorted(pages.items()) if page.paragraphs and page.confidence < DOUBTFUL]


def page_ranges(numbers: Sequence[int]) -> str:
    """Write page numbers for an owner: 'page 3', 'pages 2, 5-9'."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    written = ", ".join("-".join(map(str, ends)) for ends in ranges)
    return f"page{'s' if len(numbers) > 1 else ''} {written}"


def _run(program: str, arguments: Sequence[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 (a list of our own, no shell)
        [program, *arguments],
        input=given,
        capture_output=True,
        timeout=in_force.get().page_seconds,
        check=False,
        # One thread: its own make it slower where several files are read at once.
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )


@cache
def _languages(program: str) -> frozenset[str]:
    try:
        listed = _run(program, ["--list-langs"])
    except (subprocess.TimeoutExpired, OSError):
        return frozenset()
    return frozenset(listed.stdout.decode("utf-8", "replace").split())
