"""A bag is whole or refused: every way in which it may be broken is named in a sentence."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from retrieval.bagging import BagRefused, Payload, verify_bag, write_bag

DAY = date(2026, 3, 1)
PAYLOAD = [Payload("documents/order.md", b"The bridge is closed."), Payload("documents/a 100% plan.md", b"Phase one.")]


def a_bag(folder: Path) -> Path:
    write_bag(folder, PAYLOAD, bagged_on=DAY, info={"Contact-Name": "S3"})
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    bag = verify_bag(a_bag(tmp_path / "bag"))
    assert {name: bag.path(name).read_bytes() for name in bag.files} == {one.path: one.content for one in PAYLOAD}
    assert bag.info == {"Contact-Name": "S3", "Bagging-Date": "2026-03-01", "Payload-Oxum": "31.2"}


def test_the_same_payload_makes_the_same_bytes(tmp_path: Path) -> None:
    write_bag(tmp_path / "b", reversed(PAYLOAD), bagged_on=DAY, info={"Contact-Name": "S3"})
    assert contents(a_bag(tmp_path / "a")) == contents(tmp_path / "b")


def test_a_file_may_be_given_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "original").write_bytes(b"x" * 3_000_000)
    write_bag(tmp_path / "bag", [Payload("x.bin", tmp_path / "original")], bagged_on=DAY, info={})
    assert verify_bag(tmp_path / "bag").path("x.bin").stat().st_size == 3_000_000


def test_nothing_is_left_of_a_bag_that_could_not_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_bag(tmp_path / "bag", [*PAYLOAD, Payload("x", tmp_path / "gone")], bagged_on=DAY, info={})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "bag").mkdir()
    with pytest.raises(BagRefused, match="exists already"):
        a_bag(tmp_path / "bag")


@pytest.mark.parametrize(
    "path", ["../x", "/etc/x", "a/../../x", "a\\b", "C:/x", "a//b", "", "a:b", "x\n", "end.", "end "]
)
def test_a_path_that_some_machine_cannot_hold_is_not_written(path: str, tmp_path: Path) -> None:
    with pytest.raises(BagRefused):
        write_bag(tmp_path / "bag", [Payload(path, b"")], bagged_on=DAY, info={})


def test_two_names_that_are_one_elsewhere_are_not_written(tmp_path: Path) -> None:
    for other in ("Documents/order.md", "documents/ORDER.md"):
        with pytest.raises(BagRefused, match="one name on some machines"):
            write_bag(tmp_path / "bag", [PAYLOAD[0], Payload(other, b"")], bagged_on=DAY, info={})


def _truncate(bag: Path) -> None:
    path = bag / "data/documents/order.md"
    path.write_bytes(path.read_bytes()[:-1])


def _change(bag: Path) -> None:
    (bag / "data/documents/order.md").write_bytes(b"The bridge is opened.")


def _manifests(bag: Path, old: str, new: str) -> None:
    for path in bag.glob("manifest-*.txt"):
        path.write_text(path.read_text().replace(old, new))
    for path in bag.glob("tagmanifest-*.txt"):
        path.unlink()


def _link(bag: Path) -> None:
    (bag / "data/documents/order.md").unlink()
    (bag / "data/documents/order.md").symlink_to("/etc/hostname")


def _clash(bag: Path) -> None:
    (bag / "data/documents/ORDER.md").write_bytes(b"")
    for path in bag.glob("manifest-*.txt"):
        line = path.read_text().splitlines()[-1]
        path.write_text(path.read_text() + line.replace("order", "ORDER") + "\n")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_truncate, "31.2"),
        (_change, "checksum differs"),
        (lambda bag: (bag / "data/documents/order.md").unlink(), "listed and missing"),
        (lambda bag: (bag / "data/extra.md").write_bytes(b""), "in no manifest"),
        (lambda bag: (bag / "fetch.txt").write_text("https://host.example/a 1 data/a\n"), "fetch"),
        (lambda bag: (bag / "bagit.txt").unlink(), "bagit.txt"),
        (lambda bag: (bag / "bagit.txt").write_text("BagIt-Version: 9.0\n"), "bagit"),
        (lambda bag: (bag / "bag-info.txt").write_text("Payload-Oxum: 9.9\n"), "declares 9.9"),
        (lambda bag: (bag / "bag-info.txt").write_text("Contact-Name: S4\nPayload-Oxum: 31.2\n"), "checksum differs"),
        (lambda bag: (bag / "bag-info.txt").write_bytes(b"Contact-Name: \xff\n"), "not UTF-8"),
        (lambda bag: (bag / "manifest-sha256.txt").unlink(), "missing"),
        (lambda bag: (bag / "manifest-sha256.txt").write_text("rubbish\n"), "line 1"),
        (lambda bag: _manifests(bag, "data/documents/order.md", "data/../../order.md"), "not a path within"),
        (lambda bag: _manifests(bag, "data/documents/order.md", "/etc/passwd"), "not a path within"),
        (lambda bag: _manifests(bag, "data/documents/a 100%25 plan.md", "data/documents/order.md"), "twice"),
        (_link, "link"),
        (lambda bag: os.mkfifo(bag / "data/pipe"), "device"),
        (_clash, "one name on some machines"),
    ],
)  # fmt: skip
def test_a_bag_that_is_not_whole_or_not_safe_is_refused(
    damage: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    damage(a_bag(tmp_path / "bag"))
    with pytest.raises(BagRefused, match=said):
        verify_bag(tmp_path / "bag")


def test_a_bag_with_one_manifest_of_another_maker_is_read(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag")
    for name in ("manifest-sha512.txt", "tagmanifest-sha512.txt", "tagmanifest-sha256.txt", "bag-info.txt"):
        (bag / name).unlink()
    assert len(verify_bag(bag).files) == 2


def test_what_is_no_folder_is_no_bag(tmp_path: Path) -> None:
    with pytest.raises(BagRefused, match="no folder"):
        verify_bag(tmp_path / "nothing")
