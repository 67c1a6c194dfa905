"""Whatever is done to a folder and its corpus, in whatever order: after a sync they say the same."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import StafwijzerError
from retrieval.ingesting import Ingestion
from retrieval.lifecycle.curating import Curation
from tests.installations import SECRET, a_corpus, an_ingestion
from tests.retrieval.lifecycle.conftest import agree

_NAMES = st.sampled_from(["a.md", "b.md", "sub/c.md"])
_TEXTS = st.sampled_from(["The convoy leaves at six.", "The bridge is closed.", "The reserve waits."])
_STEPS = st.one_of(
    st.tuples(st.just("write"), _NAMES, _TEXTS),
    st.tuples(st.just("rename"), _NAMES, _NAMES),
    st.tuples(
        st.sampled_from(["remove", "retire", "restore", "mark", "delete", "sync", "sync sub"]), _NAMES, st.none()
    ),
)


@settings(max_examples=8)
@given(st.lists(_STEPS, max_size=14))
def test_a_folder_and_its_corpus_agree_after_a_sync(steps: list[tuple[str, str, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "documents")
        (folder / "sub").mkdir(parents=True)
        ingestion = an_ingestion(Path(home))
        ingestion.catalog.ensure_corpus(a_corpus())
        for step in steps:
            _do(ingestion, folder, *step)
        report = ingestion.sync(folder, a_corpus(), allow_empty=True)
        again = ingestion.sync(folder, a_corpus(), allow_empty=True)
        out = {one.key for one in (*report.withheld, *report.refused)}
        there = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.md")}
        live = {one.document.key: one for one in ingestion.catalog.holdings("plans") if one.live}
        assert live.keys() == there.keys() - out
        for key, holding in live.items():
            assert holding.version is not None
            assert ingestion.catalog.kept_texts([holding.version.id])[holding.version.id].strip() == there[key]
        assert (again.added, again.changed, again.moved, again.retired) == (0, 0, 0, 0)
        assert agree(ingestion)
        ingestion.catalog.close()


def _do(ingestion: Ingestion, folder: Path, what: str, name: str, more: str | None) -> None:
    path, curation = folder / name, Curation(ingestion)
    try:
        if what == "write":
            path.write_text(str(more))
        elif what == "rename" and path.exists():
            path.replace(folder / str(more))
        elif what == "remove":
            path.unlink(missing_ok=True)
        elif what == "retire":
            curation.retire("plans", name)
        elif what == "restore":
            curation.restore("plans", name)
        elif what == "mark":
            curation.mark("plans", name, SECRET)
        elif what == "delete":
            curation.delete("plans", name, by="the owner")
        elif what.startswith("sync"):
            ingestion.sync(folder / "sub" if what == "sync sub" else folder, a_corpus(), allow_empty=True)
    except StafwijzerError:
        pass  # there is no such document now, or it is live or retired already
