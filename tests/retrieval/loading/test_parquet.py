"""A Parquet file is records where a field is named for text, else one table."""

import datetime
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow.parquet import write_table

from retrieval.identifying import Format, identify_file
from retrieval.loading import NotLoaded, Record, are_records, load, records
from retrieval.loading.loaded import Loaded
from retrieval.loading.parquet import load_parquet
from tests.retrieval.loading.test_damage import damaged

Check = Callable[[Loaded], Loaded]
Settle = Callable[[Callable[[], Loaded]], Loaded | NotLoaded]


def written(folder: Path, columns: dict[str, list[object]]) -> Path:
    file = folder / "a.parquet"
    write_table(pa.table(columns), file)
    return file


def test_rows_with_a_text_are_documents(tmp_path: Path, check: Check) -> None:
    day = datetime.date(2024, 5, 1)
    file = written(
        tmp_path,
        {"id": [1, 2], "title": ["Brug", None], "text": ["Ga.", "Wacht."], "date": [day, None], "n": [2.5, -1.0]},
    )
    assert identify_file(file) is Format.PARQUET
    assert are_records(file, Format.PARQUET)
    one, two = records(file)
    assert isinstance(one, Record)
    assert isinstance(two, Record)
    assert (one.id, check(one.loaded).text) == ("1", "Brug\n\nGa.")
    assert one.loaded.metadata == {"n": "2.5", "date": "2024-05-01"}
    assert (two.id, two.loaded.text, two.loaded.metadata) == ("2", "Wacht.", {"n": "-1.0"})


def test_rows_without_a_text_are_a_table(tmp_path: Path, check: Check) -> None:
    file = written(tmp_path, {"eenheid": ["A", "B"], "saldo": [-12, None], "open": [True, False]})
    assert not are_records(file, Format.PARQUET)
    loaded = check(load(file))
    assert loaded.text == "eenheid | saldo | open\neenheid: A | saldo: -12 | open: TRUE\neenheid: B | open: FALSE"


def test_a_mapping_makes_records_of_a_table(tmp_path: Path) -> None:
    file = written(tmp_path, {"nr": ["a"], "regel": ["Ga."]})
    (tmp_path / "a.parquet.mapping.toml").write_text('id = "nr"\ntext = "regel"\n')
    (one,) = records(file)
    assert isinstance(one, Record)
    assert (one.id, one.loaded.text) == ("a", "Ga.")


def test_a_damaged_file_is_refused(tmp_path: Path, settle: Settle) -> None:
    file = written(tmp_path, {"eenheid": ["A", "B"] * 20, "saldo": list(range(40))})
    whole, chance = file.read_bytes(), random.Random(20)
    for _ in range(100):
        settle(partial(load_parquet, "a.parquet", damaged(whole, chance)))
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NotLoaded, match=r"^a\.parquet is damaged"):
        list(records(file))
