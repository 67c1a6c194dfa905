"""What a page of a PDF document is once it is drawn and read: plain values. Knows neither PDFium nor processes."""

from dataclasses import dataclass

HYPHEN = "\x02"
"""Among the characters of a page: a word was broken here at the end of a line."""
NO_SUCH_PAGE = "There is no such page."
"""What a worker says when it is asked for one."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """On a page as it is seen, turned if the document says so: in tenths of a point, from its upper left corner."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def joined(self, other: "Rectangle") -> "Rectangle":
        """Return the smallest rectangle around both."""
        return Rectangle(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def turned(self) -> "Rectangle":
        """Return it with across and down in each other's place."""
        return Rectangle(self.top, self.left, self.bottom, self.right)

    def distance(self, other: "Rectangle") -> int:
        """Return how far apart both stand across; below zero, how much they overlap."""
        return max(self.left - other.right, other.left - self.right)

    def is_beside(self, other: "Rectangle") -> bool:
        """Tell whether both stand on one line."""
        shared = min(self.bottom, other.bottom) - max(self.top, other.top)
        return 2 * shared > min(self.height, other.height)


@dataclass(frozen=True, slots=True)
class Page:
    """One page and the characters that can be seen on it."""

    number: int
    """From 1."""
    of: int
    """How many pages the document has."""
    width: int
    height: int
    """Both in tenths of a point."""
    text: str
    """Its characters in the order in which they are written; line ends are '\\n', broken words have a HYPHEN."""
    boxes: tuple[Rectangle | None, ...]
    """Of each character of the text; None for what takes no place, such as a line's end."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A stretch of one line."""

    text: str
    place: Rectangle
    turned: bool = False
    """Whether it runs up or down the page."""
