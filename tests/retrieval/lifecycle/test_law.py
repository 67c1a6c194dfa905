"""Nine laws, each in an edition of 2017 and one of 2026: what is found is what was in force on the day."""

from datetime import date
from pathlib import Path

from retrieval.access import scope_for
from retrieval.lifecycle.curating import Curation
from retrieval.searching import Retriever
from tests.installations import OFFICER, a_corpus, an_ingestion
from tests.retrieval.lifecycle.conftest import agree

THEN, CHANGED, NOW = date(2018, 1, 1), date(2026, 1, 1), date(2026, 11, 1)


def test_each_day_has_its_edition(tmp_path: Path, data_folder: Path) -> None:
    laws = data_folder / "corpora" / "law_nl"
    editions = {year: {path.name: path for path in (laws / year).rglob("*.md")} for year in ("laws2017", "laws2026")}
    names = sorted(editions["laws2017"].keys() & editions["laws2026"].keys())
    assert len(names) == 9
    for year, paths in editions.items():
        (tmp_path / "law" / year).mkdir(parents=True)
        for name in names:
            (tmp_path / "law" / year / name).write_bytes(paths[name].read_bytes())
    ingestion = an_ingestion(tmp_path)
    ingestion.add(tmp_path / "law", a_corpus("law"))
    for name in names:
        Curation(ingestion).supersede("law", f"laws2017/{name}", f"laws2026/{name}", on=CHANGED)
    catalog = ingestion.catalog
    retriever = Retriever(catalog, ingestion.index, ingestion.embedder)
    for day, year in ((THEN, "laws2017"), (NOW, "laws2026")):
        scope = scope_for(OFFICER, markings=catalog.markings(), corpora=["law"], on_date=day)
        for holding in catalog.holdings("law"):
            hits = retriever.search(holding.document.title, scope=scope)
            assert hits
            assert {hit.document.key.split("/")[0] for hit in hits} == {year}
    assert agree(ingestion)
