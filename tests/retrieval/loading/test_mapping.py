"""The owner says which field is which, or common names are recognised."""

from pathlib import Path

import pytest

from retrieval.identifying import Format
from retrieval.loading import BadRecord, NotLoaded, Record, are_records, load, records
from retrieval.loading.mapping import FieldMapping, guess, read_mapping, sidecar


def found(path: Path) -> list[Record]:
    read = list(records(path))
    assert not [one for one in read if isinstance(one, BadRecord)]
    return [one for one in read if isinstance(one, Record)]


@pytest.mark.parametrize(
    ("fields", "mapping"),
    [
        (["_id", "title", "text"], FieldMapping("_id", "title", ("text",))),
        (["Key", "Naam", "Inhoud", "Datum"], FieldMapping("Key", "Naam", ("Inhoud",), "Datum")),
        (["kenmerk", "BODY", "Rubricering"], FieldMapping("kenmerk", "", ("BODY",), "", "Rubricering")),
        (["text", "body", "id", "_id"], FieldMapping("_id", "", ("text",))),
        (["a", "b"], FieldMapping()),
    ],
)  # fmt: skip
def test_common_names_are_recognised(fields: list[str], mapping: FieldMapping) -> None:
    assert guess(fields) == mapping


def test_a_mapping_beside_the_file_wins(tmp_path: Path) -> None:
    file = tmp_path / "vragen.json"
    file.write_text(
        '{"bron": "x", "items": [{"text": "niet", "meta": {"nr": 7}, "vraag": "Wat?", "antwoord": ["Dit.", "Dat."], '
        '"wanneer": "2024-05-01", "soort": "schriftelijk"}]}'
    )
    (tmp_path / "vragen.mapping.toml").write_text(
        'records = "items"\nid = "meta.nr"\ntext = ["vraag", "antwoord"]\ndate = "wanneer"\n'
    )
    (record,) = found(file)
    assert (record.id, record.loaded.text) == ("7", "Wat?\n\nDit.\n\nDat.")
    told = {"text": "niet", "meta": '{"nr": 7}', "soort": "schriftelijk", "date": "2024-05-01"}
    assert record.loaded.metadata == told


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("text = ", "is not valid TOML"),
        ('text = "a"\ntekst = "b"', "unknown key 'tekst'"),
        ("text = 5", "gives 'text' no name"),
        ("text = []", "gives 'text' no name"),
        ('id = "a"', "does not say which field holds the text"),
    ],
)
def test_a_mistaken_mapping_is_said(tmp_path: Path, given: str, reason: str) -> None:
    file = tmp_path / "a.csv.mapping.toml"
    file.write_text(given)
    with pytest.raises(NotLoaded, match=rf"^a\.csv\.mapping\.toml .*{reason}.*\.$"):
        read_mapping(file)


def test_the_full_name_of_the_file_goes_before_its_stem(tmp_path: Path) -> None:
    (tmp_path / "a.mapping.toml").touch()
    assert sidecar(tmp_path / "a.csv") == tmp_path / "a.mapping.toml"
    (tmp_path / "a.csv.mapping.toml").touch()
    assert sidecar(tmp_path / "a.csv") == tmp_path / "a.csv.mapping.toml"


def test_records_without_an_id_are_known_by_their_content(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "Een."}\n{"text": "Twee."}\n')
    before = {record.id for record in found(file)}
    file.write_text('{"text": "Nul."}\n{"text": "Twee."}\n{"text": "Een."}\n')
    assert before < {record.id for record in found(file)}


def test_an_array_of_records_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('\n[\n  {"id": 1, "titel": "Brug", "tekst": "Ga."},\n  "los", {"id": 2, "tekst": "Wacht."}\n]')
    one, bad, two = records(file)
    assert isinstance(one, Record)
    assert (one.id, one.loaded.title, one.loaded.text) == ("1", "Brug", "Brug\n\nGa.")
    assert isinstance(bad, BadRecord)
    assert bad.reason == "Record 2 of a.json is not a JSON object; give it named fields."
    assert isinstance(two, Record)


def test_fields_without_a_known_name_ask_for_a_mapping(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"x": 1, "y": "b"}')
    (bad,) = records(file)
    assert isinstance(bad, BadRecord)
    assert bad.reason == (
        "Row 1 of a.json has no 'text' that is text (it has x, y); name the field that holds it in a.json.mapping.toml."
    )


def test_csv_in_any_encoding_with_quotes_and_newlines(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes('nr;tekst;bedrag\r\n1;"Één; regel\nen nog een";-5,0\r\n2;;x\r\n'.encode("cp1252"))
    (tmp_path / "a.csv.mapping.toml").write_text('id = "nr"\ntext = "tekst"\n')
    assert are_records(file, Format.CSV)
    one, two = records(file)
    assert isinstance(one, Record)
    assert (one.loaded.text, one.loaded.metadata) == ("Één; regel\nen nog een", {"bedrag": "-5,0"})
    assert isinstance(two, BadRecord)


def test_without_a_mapping_a_csv_file_stays_a_table(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("nr;tekst\n1;Een.\n")
    assert not are_records(file, Format.CSV)
    assert load(file).spans[0].kind.value == "table"
