"""The copy of the web pages: what is left out, what is changed, and what is refused."""

from pathlib import Path

import pytest

from assistant.entrypoints import frontend
from assistant.entrypoints.frontend import FrontendUnknown, copy_frontend, foreign_references, prepare_frontend

_OPENS = "a(),u({title:D[D.length-1].name,elements:D})}"
_COPIES = (
    'const s=typeof t=="object"?JSON.stringify(t,null,2):String(t),c=[];if(c.push(new ClipboardItem('
    '{"text/plain":new Blob([s],{type:"text/plain"})})),n!=null&&n.current){}'
)
_LISTS = 'const c=t?ps:"button",{isMobile:l,state:u}=DC();'


def test_the_installed_pages_are_copied_without_a_reference_to_another_host(tmp_path: Path) -> None:
    pages = prepare_frontend(tmp_path)
    assert foreign_references(pages) == []
    page = (pages / "index.html").read_text(encoding="utf-8")
    assert "//" not in page.replace("</", "").replace("<!--", "")
    assert not list(pages.rglob("*.map"))
    assert not list(pages.rglob("YouTube*"))
    assert (pages / "assets" / "logo_light.svg").read_bytes() == (frontend._STATIC / "logo_light.svg").read_bytes()


def test_a_copy_is_made_once_and_an_older_one_goes(tmp_path: Path) -> None:
    (tmp_path / "pages-1.0.0-1").mkdir()
    (tmp_path / "pages-unfinished").mkdir()
    pages = prepare_frontend(tmp_path)
    (pages / "kept").touch()
    assert prepare_frontend(tmp_path) == pages
    assert (pages / "kept").exists()
    assert list(tmp_path.iterdir()) == [pages]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="preconnect" href="https://fonts.gstatic.com" crossorigin />',
        '<link\n  href="https://fonts.googleapis.com/css2?family=Inter"\n  rel="stylesheet"\n/>',
        '<link rel="stylesheet" href="//cdn.jsdelivr.net/katex.css">',
    ],
)
def test_links_to_other_hosts_are_taken_out(tmp_path: Path, link: str) -> None:
    source = _pages(tmp_path, page=f'<link rel="icon" href="/favicon">{link}<script src="/a.js"></script>')
    copy_frontend(source, tmp_path / "copy")
    page = (tmp_path / "copy" / "index.html").read_text(encoding="utf-8")
    assert page == '<link rel="icon" href="/favicon"><script src="/a.js"></script>'


@pytest.mark.parametrize(
    ("page", "style"),
    [
        ('<script src="https://cdn.example/a.js"></script>', ""),
        ("<img src=//cdn.example/a.png>", ""),
        ("", "@import 'https://fonts.example/a.css';"),
        ("", "a { background: url(https://cdn.example/a.png) }"),
    ],
)
def test_pages_that_still_ask_another_host_are_refused(tmp_path: Path, page: str, style: str) -> None:
    with pytest.raises(FrontendUnknown, match="other hosts"):
        copy_frontend(_pages(tmp_path, page=page, style=style), tmp_path / "copy")


@pytest.mark.parametrize(
    ("script", "what"),
    [
        ("", "side panel"),
        (_COPIES + _OPENS + _OPENS, "side panel opens by itself in 2 places"),
        (_OPENS, "source of an answer is copied in 0 places"),
        (_OPENS + _COPIES, "a conversation is a button within a link in 0 places"),
    ],
)
def test_pages_that_are_not_as_known_are_refused(tmp_path: Path, script: str, what: str) -> None:
    with pytest.raises(FrontendUnknown, match=what):
        copy_frontend(_pages(tmp_path, script=script), tmp_path / "copy")


def test_the_panel_does_not_open_by_itself_and_text_is_copied_instead_of_source(tmp_path: Path) -> None:
    copy_frontend(_pages(tmp_path), tmp_path / "copy")
    script = (tmp_path / "copy" / "assets" / "index-1.js").read_text(encoding="utf-8")
    assert script.startswith("a()}const s=n&&n.current?n.current.innerText:String(t),c=[];if(")
    assert 'const c=t?ps:"div",{isMobile:' in script


def _pages(folder: Path, *, page: str = "", style: str = "", script: str = _OPENS + _COPIES + _LISTS) -> Path:
    source = folder / "source"
    (source / "assets").mkdir(parents=True)
    (source / "index.html").write_text(page, encoding="utf-8")
    (source / "assets" / "index-1.css").write_text(style, encoding="utf-8")
    (source / "assets" / "index-1.js").write_text(script, encoding="utf-8")
    return source
