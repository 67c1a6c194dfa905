"""What a memo is made of: sections of paragraphs and tables, and footnotes. Knows nothing of what they say."""

from dataclasses import dataclass

from retrieval.languages import Language


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    notes: tuple[int, ...] = ()
    """Numbers of footnotes, from 1."""
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    level: int
    """1 to 3."""
    blocks: tuple[Paragraph | Table, ...]


@dataclass(frozen=True, slots=True)
class DecisionMemo:
    name: str
    """Of its file, without an ending."""
    title: str
    subtitle: str
    author: str
    language: Language
    marking: str
    dated: str
    """ISO 8601."""
    sections: tuple[Section, ...]
    footnotes: tuple[str, ...]
