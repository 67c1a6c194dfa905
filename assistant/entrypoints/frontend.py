"""Make a copy of Chainlit's web pages that asks nothing of another host, opens no panel by itself and copies text.

Works on files only. It is exact about what it changes: a Chainlit in which that is not found is refused, so an
upgrade cannot quietly bring a foreign host back."""

import re
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

_STATIC = Path(__file__).parent / "static"
# Part of the copy's name: raise it when what is done here changes.
_REVISION = 2

# Fonts and the formula style sheet come from Google and jsDelivr; formulas are off.
_FOREIGN_LINKS = re.compile(r'<link\b[^>]*\bhref="(?:https?:)?//[^>]*>', re.DOTALL)
# Something that a browser fetches by itself when it reads a page or a style sheet.
_FETCHED = re.compile(r"""\b(?:href|src|action)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import""")
# Players of films and plots: not used here, and full of addresses.
_UNUSED = re.compile(
    r"(?:DailyMotion|Facebook|FilePlayer|Kaltura|Mixcloud|Mux|Preview|SoundCloud|Streamable|Twitch|Vidyard|Vimeo|Wistia"
    r"|YouTube|react-plotly)-[\w-]+\.js"
)
_CHANGES = {
    # `setSideView({title: sideElements.at(-1).name, elements: sideElements})`: opens every passage at once, in the
    # order in which they happen to arrive, each time one does. A reader opens a passage by its label.
    "the side panel opens by itself": (
        re.compile(r",\w+\(\{title:(\w+)\[\1\.length-1\]\.name,elements:\1\}\)"),
        "",
    ),
    # `const textToCopy = typeof content === 'object' ? ... : String(content)`: copies the source of an answer, in which
    # every mark is written as a number. What is wanted is the text that is shown.
    "the source of an answer is copied": (
        re.compile(
            r'typeof (\w+)=="object"\?JSON\.stringify\(\1,null,2\):String\(\1\)'
            r"(?=,\w+=\[\];.{0,110}?,(\w+)!=null&&\2\.current\))"
        ),
        r"\2&&\2.current?\2.current.innerText:String(\1)",
    ),
    # `const Comp = asChild ? Slot : 'button', {isMobile, state} = useSidebar()`: a conversation in the list is a button
    # within a link and has a button within itself, which no screen reader can tell apart. The link suffices.
    "a conversation is a button within a link": (
        re.compile(r'(const \w+=\w+\?\w+:)"button"(,\{isMobile:)'),
        r'\1"div"\2',
    ),
}


class FrontendUnknown(Exception):
    """The installed Chainlit is not one whose pages this program knows how to change."""


def prepare_frontend(folder: Path) -> Path:
    """Return a copy of the pages below `folder`, made when there is none of this Chainlit. Raises FrontendUnknown."""
    target = folder / f"pages-{version('chainlit')}-{_REVISION}"
    if not target.is_dir():
        for old in folder.glob("pages-*"):
            shutil.rmtree(old)
        # Under its own name only when it is complete: a copy that broke off is made again.
        unfinished = folder / "pages-unfinished"
        copy_frontend(_packaged_pages(), unfinished)
        unfinished.rename(target)
    return target


def copy_frontend(source: Path, target: Path) -> None:
    """Copy the pages and change the copy. Raises FrontendUnknown when something is not as it is known to be."""
    shutil.copytree(source, target, ignore=_leave_out)
    page = target / "index.html"
    page.write_text(_FOREIGN_LINKS.sub("", page.read_text(encoding="utf-8")), encoding="utf-8")
    scripts = sorted((target / "assets").glob("index-*.js"))
    if len(scripts) != 1:
        raise FrontendUnknown(f"there are {len(scripts)} main scripts instead of 1")
    scripts[0].write_text(_changed(scripts[0].read_text(encoding="utf-8")), encoding="utf-8")
    for picture in ("favicon.svg", "logo_light.svg", "logo_dark.svg"):
        # The logos are looked for among the assets, the small picture is not.
        place = target if picture == "favicon.svg" else target / "assets"
        shutil.copyfile(_STATIC / picture, place / picture)
    if left := foreign_references(target):
        raise FrontendUnknown(f"pages refer to other hosts: {', '.join(left)}")


def foreign_references(folder: Path) -> list[str]:
    """Return what the pages and style sheets in a folder would fetch from elsewhere, with the file it stands in."""
    return [
        f"{path.name}: {match[0]}"
        for suffix in ("html", "css")
        for path in sorted(folder.rglob(f"*.{suffix}"))
        for match in _FETCHED.finditer(path.read_text(encoding="utf-8"))
    ]


def _changed(script: str) -> str:
    for what, (found, instead) in _CHANGES.items():
        script, count = found.subn(instead, script)
        if count != 1:
            raise FrontendUnknown(f"{what} in {count} places instead of 1")
    return script


def _leave_out(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name.endswith(".map") or _UNUSED.fullmatch(name)}


def _packaged_pages() -> Path:
    # Found without importing it: it must not be imported before its folder is ready.
    spec = find_spec("chainlit")
    if spec is None or not spec.submodule_search_locations:
        raise FrontendUnknown("the package chainlit is not installed")
    return Path(spec.submodule_search_locations[0]) / "frontend" / "dist"
