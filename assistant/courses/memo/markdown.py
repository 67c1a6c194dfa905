"""Write a memo as Markdown with footnotes. Text from documents brings no link, picture, heading or HTML with it."""

import re

from assistant.courses.memo.sections import DecisionMemo, Paragraph, Table
from assistant.courses.memo.wording import words

_MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]<>()#|~!$&])")
# At the beginning of a line these would make a list, a heading or a rule.
_BEGINS = re.compile(r"^(\s*)([-+=]|\d+[.)])")


def as_markdown(memo: DecisionMemo) -> str:
    """Return the memo as CommonMark with tables and footnotes (as GitHub's)."""
    say = memo.language
    lines = [
        f"**{words('marking', say)}: {escaped(memo.marking)}**",
        "",
        f"# {escaped(memo.title)}",
        "",
        f"{escaped(memo.subtitle)}",
        "",
        f"{words('author', say)}: {escaped(memo.author)}. {words('date', say)} {memo.dated}.",
        "",
    ]
    for section in memo.sections:
        lines += [f"{'#' * (section.level + 1)} {escaped(section.title)}", ""]
        for block in section.blocks:
            lines += _table(block) if isinstance(block, Table) else _paragraph(block)
        lines.append("")
    lines += [f"[^{number}]: {escaped(note)}" for number, note in enumerate(memo.footnotes, start=1)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return _BEGINS.sub(r"\1\\\2", _MEANS_SOMETHING.sub(r"\\\1", text))


def _paragraph(block: Paragraph) -> list[str]:
    notes = "".join(f"[^{number}]" for number in block.notes)
    if block.bullet:
        return [f"- {escaped(block.text)}{notes}"]
    return ["", f"{escaped(block.text)}{notes}", ""]


def _table(block: Table) -> list[str]:
    rows = [block.header, ("---",) * len(block.header), *block.rows]
    shown = [row if place == 1 else tuple(map(escaped, row)) for place, row in enumerate(rows)]
    return ["", *("| " + " | ".join(row) + " |" for row in shown), ""]
