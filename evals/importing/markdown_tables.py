"""Write a table as Markdown, a row a line. Knows nothing of where it comes from."""

from collections.abc import Sequence


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the table as Markdown. Rows may be of different lengths; line breaks in a cell become spaces."""
    width = max(len(row) for row in (header, *rows))
    lines = [_line(header, width), "|" + " --- |" * width, *(_line(row, width) for row in rows)]
    return "\n".join(lines)


def _line(cells: Sequence[str], width: int) -> str:
    filled = [" ".join(cell.split()).replace("|", "\\|") for cell in cells] + [""] * (width - len(cells))
    return "| " + " | ".join(filled) + " |"
