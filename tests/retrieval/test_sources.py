"""What is added is taken apart into documents, each under a key that stays, within bounds."""

import io
import json
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path

import pytest

from retrieval.loading import NotLoaded, archive
from retrieval.loading.archive import Allowance
from retrieval.sources import Offered, Refusal, documents, files


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members.items():
            written.writestr(name, content)
    return buffer.getvalue()


def mail(subject: str, *attached: tuple[str, bytes]) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"] = subject, "a@example.org"
    message.set_content("Zie bijlage.")
    for name, content in attached:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


def offered(folder: Path, name: str, content: bytes) -> dict[str, str]:
    """The text, or the reason for refusing it, of each document by its key."""
    file = folder / name
    file.write_bytes(content)
    found = {}
    for one in documents(name, file):
        found[one.key] = one.reason if isinstance(one, Refusal) else one.load().text
    return found


def test_each_file_in_an_archive_is_a_document(tmp_path: Path) -> None:
    inner = zipped({"map/b.md": "# B\n\nTwee."})
    content = zipped({"a.txt": "Een.", "diep/c.zip": inner, ".verborgen": "x", "__MACOSX/a.txt": "x", "leeg/": ""})
    assert offered(tmp_path, "z.zip", content) == {"z.zip#a.txt": "Een.", "z.zip#diep/c.zip#map/b.md": "# B\n\nTwee."}


def test_a_member_is_hashed_and_kept_by_itself(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Een.")
    (tmp_path / "z.zip").write_bytes(zipped({"b.txt": "Een."}))
    (alone,) = documents("a.txt", tmp_path / "a.txt")
    (member,) = documents("z.zip", tmp_path / "z.zip")
    assert isinstance(alone, Offered)
    assert isinstance(member, Offered)
    assert (member.sha256, member.blob) == (alone.sha256, alone.blob)
    copy = member.path
    assert copy.read_text() == "Een."
    del member
    assert not copy.exists()


def test_archives_are_opened_two_deep(tmp_path: Path) -> None:
    content = b"Diep."
    for name in ("c.txt", "b.zip", "a.zip"):
        content = zipped({name: content})
    assert offered(tmp_path, "z.zip", content) == {
        "z.zip#a.zip#b.zip": "b.zip lies too deep in other archives; unpack those and add what is in them."
    }


@pytest.mark.parametrize("name", ["../buiten.txt", "/etc/passwd", "C:/x.txt", "a/../../b.txt"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    found = offered(tmp_path, "z.zip", zipped({name: "x", "goed.txt": "Goed."}))
    assert found.pop("z.zip#goed.txt") == "Goed."
    assert list(found.values()) == [
        f"{name} in z.zip has a name that leads out of its archive, as an attack does; "
        "unpack it and add the file by itself."
    ]


def test_links_encrypted_members_and_bombs_cost_only_themselves(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("goed.txt", "Goed.")
        written.writestr(link, "/etc/passwd")
        written.writestr("bom.txt", bytes(20 * 2**20))
        written.writestr("geheim.txt", "x")
    content = bytearray(buffer.getvalue())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    found = offered(tmp_path, "z.zip", bytes(content))
    assert found["z.zip#goed.txt"] == "Goed."
    assert "is a link" in found["z.zip#link"]
    assert "decompression bomb" in found["z.zip#bom.txt"]
    assert "is encrypted" in found["z.zip#geheim.txt"]


def test_all_that_is_in_a_file_unpacks_to_no_more_than_its_allowance(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(zipped({"a.txt": "x" * 100, "b.txt": "x" * 100}))
    found = archive.members("z.zip", tmp_path / "z.zip", Allowance(bytes_left=150))
    assert isinstance(next(found), archive.Member)
    with pytest.raises(NotLoaded, match=r"^z\.zip unpacks to more than"):
        next(found)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(zipped({"a.txt": "x"})[:-10])
    with pytest.raises(NotLoaded, match=r"^z\.zip is damaged or cut off"):
        list(documents("z.zip", tmp_path / "z.zip"))


def test_a_damaged_member_costs_that_member(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": "x" * 1000, "b.txt": "Goed."}))
    content[40] ^= 0xFF
    found = offered(tmp_path, "z.zip", bytes(content))
    assert found["z.zip#b.txt"] == "Goed."
    assert "is damaged" in found["z.zip#a.txt"]


def test_attachments_are_documents_and_so_is_what_they_hold(tmp_path: Path) -> None:
    forwarded = mail("Plan/B", ("plan.txt", b"Het plan."))
    message = mail("Orders", ("a.txt", b"Een."), ("a.txt", b"Twee."), ("../x.zip", zipped({"b.txt": "Drie."})))
    message.add_attachment(forwarded)
    found = offered(tmp_path, "m.eml", message.as_bytes())
    assert found.pop("m.eml").startswith("Orders")
    assert found.pop("m.eml#attachments/Plan_B.eml").startswith("Plan/B")
    assert found == {
        "m.eml#attachments/a.txt": "Een.",
        "m.eml#attachments/2-a.txt": "Twee.",
        "m.eml#attachments/_x.zip#b.txt": "Drie.",
        "m.eml#attachments/Plan_B.eml#attachments/plan.txt": "Het plan.",
    }


def test_signatures_and_pictures_in_the_text_are_no_documents(tmp_path: Path) -> None:
    message = mail("Orders")
    message.add_attachment(b"x", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    message.add_attachment(b"x", maintype="image", subtype="png", filename="logo.png", cid="<logo@x>")
    assert list(offered(tmp_path, "m.eml", message.as_bytes())) == ["m.eml"]


def test_a_mailbox_is_its_messages(tmp_path: Path) -> None:
    one, two = (b"Subject: A\nFrom: a@b.nl\nDate: x\n\nEen.\n>From hier.\n", b"Subject: B\nFrom: a@b.nl\n\nTwee.\n")
    mark = b"From a@b.nl Mon Jan  1 00:00:00 2024\n"
    found = offered(tmp_path, "box.mbox", mark + one + b"\n" + mark + two)
    assert list(found) == ["box.mbox#messages/1.eml", "box.mbox#messages/2.eml"]
    assert found["box.mbox#messages/1.eml"].endswith("Een.\nFrom hier.")


def test_records_in_an_archive_have_their_own_keys(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({"id": number, "text": f"Zaak {number}."}) for number in (1, 2))
    assert offered(tmp_path, "z.zip", zipped({"zaken.jsonl": lines})) == {
        "z.zip#zaken.jsonl#1": "Zaak 1.",
        "z.zip#zaken.jsonl#2": "Zaak 2.",
    }


def test_a_table_is_one_document_until_a_mapping_makes_it_records(tmp_path: Path) -> None:
    table = "nr;tekst\n1;Een.\n2;Twee.\n"
    assert list(offered(tmp_path, "t.csv", table.encode())) == ["t.csv"]
    (tmp_path / "t.csv.mapping.toml").write_text('id = "nr"\ntext = "tekst"\n')
    assert offered(tmp_path, "t.csv", table.encode()) == {"t.csv#1": "Een.", "t.csv#2": "Twee."}
    assert [key for key, _ in files(tmp_path)] == ["t.csv"]


def test_a_record_whose_fields_changed_is_another_version(tmp_path: Path) -> None:
    hashes = set()
    for marking in ("Ongerubriceerd", "Departementaal Vertrouwelijk"):
        file = tmp_path / "a.jsonl"
        file.write_text(json.dumps({"id": 1, "text": "Een.", "marking": marking}))
        (found,) = documents("a.jsonl", file)
        assert isinstance(found, Offered)
        assert found.load().metadata == {"marking": marking}
        hashes.add(found.sha256)
    assert len(hashes) == 2


def test_a_file_of_which_no_record_can_be_read_is_told_of_once(tmp_path: Path) -> None:
    rows = "\n".join(json.dumps({"id": number, "title": "Zaak"}) for number in range(50))
    (reason,) = offered(tmp_path, "a.jsonl", rows.encode()).values()
    assert reason.startswith("None of its 50 records could be read. Row 1 of a.jsonl has no 'text'")


def test_records_beside_good_ones_are_told_of_one_by_one(tmp_path: Path) -> None:
    rows = "\n".join(json.dumps({"id": number, **({"text": "Een."} if number == 3 else {})}) for number in (1, 2, 3))
    assert sorted(offered(tmp_path, "a.jsonl", rows.encode())) == ["a.jsonl#3", "a.jsonl:1", "a.jsonl:2"]
