"""Read a Parquet file: as rows for those who want records, or as one table whose rows can be quoted on their own.

Reads in batches, so a file may be larger than memory. Refuses to know what the fields mean."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO

import pyarrow as pa
from pyarrow.parquet import ParquetFile

from retrieval.loading.composing import Composer, one_line
from retrieval.loading.grid import MAX_CELLS, Cell, write_sheet
from retrieval.loading.loaded import Loaded, NotLoaded

_BROKEN = (pa.ArrowException, ValueError, LookupError, TypeError, OSError, ArithmeticError, MemoryError)
_BATCH_ROWS = 256
# Of one column in one group of rows, as the file declares it: a page of a bomb unpacks whole.
_MAX_GROUP_BYTES = 512 * 1024 * 1024


def load_parquet(name: str, content: bytes) -> Loaded:
    """Read the bytes of the Parquet file called `name` as one table. Raises NotLoaded."""
    composer = Composer(name)
    with _opened(name, io.BytesIO(content)) as file:
        columns = list(file.schema_arrow.names)
        if file.metadata.num_rows * max(len(columns), 1) > MAX_CELLS:
            raise NotLoaded(
                f"{name} holds more than {MAX_CELLS:,} cells; say in {name}.mapping.toml which field holds the text of "
                "a record, or split it and add the parts."
            )
        header = [Cell(at, one_line(column), is_label=True) for at, column in enumerate(columns, start=1)]
        write_sheet(composer, "", [header, *(_cells(columns, row) for row in _rows(file))])
    return composer.loaded()


def parquet_rows(name: str, path: Path) -> Iterator[tuple[int, dict[str, object] | NotLoaded]]:
    """Yield the rows of the file at `path`, numbered from 1. Raises NotLoaded; OSError if it cannot be opened."""
    with path.open("rb") as opened, _opened(name, opened) as file:
        for number, row in enumerate(_rows(file), start=1):
            yield number, {key: found for key, found in row.items() if found is not None}


def parquet_fields(path: Path) -> list[str]:
    """The names of the columns. Raises NotLoaded; OSError if the file cannot be opened."""
    with path.open("rb") as opened, _opened(path.name, opened) as file:
        return list(file.schema_arrow.names)


@contextmanager
def _opened(name: str, opened: IO[bytes]) -> Iterator[ParquetFile]:
    try:
        with ParquetFile(opened) as file:
            groups = (file.metadata.row_group(at) for at in range(file.metadata.num_row_groups))
            if any(group.total_byte_size > _MAX_GROUP_BYTES for group in groups):
                raise NotLoaded(
                    f"{name} unpacks to more than {_MAX_GROUP_BYTES // 2**20} MiB at once; "
                    "write it again in smaller groups of rows."
                )
            yield file
    except _BROKEN as error:
        raise NotLoaded(f"{name} is damaged, or no Parquet that is understood; write it again or as CSV.") from error


def _rows(file: ParquetFile) -> Iterator[dict[str, object]]:
    for batch in file.iter_batches(batch_size=_BATCH_ROWS, use_threads=False):
        yield from batch.to_pylist()


def _cells(columns: list[str], row: dict[str, object]) -> list[Cell]:
    written = ((at, row[column]) for at, column in enumerate(columns, start=1))
    return [Cell(at, text, isinstance(found, str)) for at, found in written if (text := _written(found))]


def _written(found: object) -> str:
    match found:
        case None | bytes():
            return ""
        case bool():
            return str(found).upper()
        case float():
            return f"{found:.15g}"
        case datetime() | date():
            return found.isoformat()
        case timedelta() | int():
            return str(found)
        case _:
            return one_line(str(found))
