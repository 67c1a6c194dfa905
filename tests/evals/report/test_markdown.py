"""The Markdown of a run is what it was, and text of others has no effect. GOLDEN=write rewrites the golden file."""

import os
from pathlib import Path

from markdown_it import MarkdownIt

from evals.report.markdown import markdown
from evals.report.reading import read
from tests.evals.report.staging import HOSTILE, a_case, a_record, a_run, an_earlier_run, every_end

_GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "report.md"
_LINKS = "https://evil.example www.evil.example spy@evil.example ![x](y) [a](b) `c` **d** ~~e~~ | f | # g"


def test_the_markdown_reads_as_before(tmp_path: Path) -> None:
    text = "\n".join(markdown(read(a_run(tmp_path, every_end()), against=an_earlier_run(tmp_path)))) + "\n"
    if os.environ.get("GOLDEN") == "write":
        _GOLDEN.write_text(text, encoding="utf-8")
    assert text == _GOLDEN.read_text(encoding="utf-8")


def test_text_of_others_has_no_effect(tmp_path: Path) -> None:
    name = f"{HOSTILE} {_LINKS}"
    run = a_run(tmp_path, [(a_case(name, question=name, expected=(name,)), a_record(name, f"no {_LINKS}"))])
    text = "\n".join(markdown(read(run)))
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    inside = {child.type for token in tokens for child in token.children or ()}
    assert not inside & {"link_open", "image", "html_inline", "code_inline", "em_open", "s_open"}
    assert not {token.type for token in tokens} & {"html_block", "fence", "code_block"}
    shown = HOSTILE.replace("\u202e", "\ufffd").replace("\x1b", "\ufffd")
    assert any(f"{shown} {_LINKS}" in "".join(child.content for child in token.children or ()) for token in tokens)
