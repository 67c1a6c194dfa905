"""Where an owner and its clients meet: private, and reachable however long the path is."""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.index import IndexUnavailable, SharedEdgeIndex, stop_owner
from retrieval.index.rendezvous import check_peer, listen, private_folder, socket_path, take_ownership


@pytest.fixture
def runtime_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:  # shorter than tmp_path
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


@pytest.fixture
def far_away(tmp_path: Path) -> Path:
    """A folder whose path is too long for a socket."""
    return tmp_path / ("a long name " * 8) / "index"


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_socket_is_for_this_user_alone(folder: Path) -> None:
    with listen(folder):
        path = socket_path(folder)
        assert mode(path) == 0o600
        assert mode(path.parent) == 0o700
        assert mode(folder) == 0o700


def test_one_process_at_a_time_is_the_owner(folder: Path) -> None:
    lock = take_ownership(folder)
    assert lock is not None
    assert take_ownership(folder) is None
    os.close(lock)
    again = take_ownership(folder)
    assert again is not None
    os.close(again)


def test_a_dead_socket_is_replaced(folder: Path) -> None:
    listen(folder).close()
    with listen(folder), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(socket_path(folder)))


def test_nobody_has_listened_yet(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        socket_path(folder)


def test_a_long_path_gets_a_short_socket(runtime_folder: Path, far_away: Path) -> None:
    with listen(far_away), socket.socket(socket.AF_UNIX) as client:
        path = socket_path(far_away)
        client.connect(str(path))
        assert path.parent == runtime_folder / "stafwijzer"
        assert mode(path) == 0o600
        assert mode(path.parent) == 0o700


def test_a_client_with_another_runtime_folder_finds_the_same_socket(
    runtime_folder: Path, far_away: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listen(far_away):
        path = socket_path(far_away)
        monkeypatch.delenv("XDG_RUNTIME_DIR")
        assert socket_path(far_away) == path


def test_an_index_at_the_end_of_a_long_path_works(runtime_folder: Path, far_away: Path) -> None:
    index = SharedEdgeIndex(far_away, dimensions=4)
    try:
        assert index.count() == 0
    finally:
        index.close()
        assert stop_owner(far_away)


@pytest.mark.parametrize("squat", ["link", "file", "open to others"])
def test_a_squatted_socket_folder_is_refused(runtime_folder: Path, far_away: Path, tmp_path: Path, squat: str) -> None:
    place = runtime_folder / "stafwijzer"
    if squat == "link":
        (tmp_path / "of the attacker").mkdir(mode=0o700)
        place.symlink_to(tmp_path / "of the attacker")
    elif squat == "file":
        place.write_text("")
    else:
        place.mkdir()
        place.chmod(0o777)
    with pytest.raises(IndexUnavailable, match=r"stafwijzer is (not a folder|open to other users)"):
        listen(far_away)
    assert not list((tmp_path / "of the attacker").glob("*"))


def test_a_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private_folder(tmp_path / "place")
    somebody_else = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: somebody_else)
    with pytest.raises(IndexUnavailable, match="belongs to user"):
        private_folder(tmp_path / "place")


def test_a_squatted_folder_is_refused_by_clients_too(runtime_folder: Path, far_away: Path) -> None:
    with listen(far_away):
        (runtime_folder / "stafwijzer").chmod(0o755)
        with pytest.raises(IndexUnavailable, match="open to other users"):
            SharedEdgeIndex(far_away, dimensions=4).count()


def test_a_process_of_another_user_is_not_talked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = socket.socketpair()
    with here, there:
        check_peer(here)
        somebody_else = os.geteuid() + 1
        monkeypatch.setattr(os, "geteuid", lambda: somebody_else)
        with pytest.raises(IndexUnavailable, match="runs as user"):
            check_peer(here)
