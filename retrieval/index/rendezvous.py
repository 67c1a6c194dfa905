"""Where the owner of an index and its clients find each other: a socket that only this user can reach.

Knows paths, permissions and who is at the other end. Knows nothing of what is said over the socket."""

import contextlib
import hashlib
import os
import socket
import stat
import struct
import sys
import tempfile
from pathlib import Path

from retrieval.index.processes import take_lock
from retrieval.index.protocol import IndexUnavailable

# sun_path holds 108 bytes on Linux and 104 on macOS, with the closing NUL.
_LONGEST_PATH = 103
_PLACE = "owner"
_LOCK = "owner.lock"
_SOCKET = "owner.sock"
_NOTE = "socket-path"


def meeting_place(folder: Path) -> Path:
    """Return the private folder inside an index folder where its owner keeps lock and socket, making it if needed."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise IndexUnavailable(
            f"The index folder {folder} cannot be used: {error.strerror}.",
            hint="Check that it is a folder this user may write in, or set another one.",
        ) from error
    return private_folder(folder / _PLACE)


def private_folder(path: Path) -> Path:
    """Make a folder for this user alone. Raises IndexUnavailable when what is there could be someone else's."""
    try:
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
        found = path.lstat()
    except OSError as error:
        raise IndexUnavailable(
            f"The folder {path} cannot be made: {error.strerror}.", hint="Check the permissions of the folder above it."
        ) from error
    if not stat.S_ISDIR(found.st_mode):
        raise IndexUnavailable(f"{path} is not a folder.", hint="Find out who put it there, and remove it.")
    if found.st_uid != os.geteuid():
        raise IndexUnavailable(
            f"The folder {path} belongs to user {found.st_uid}, this process runs as user {os.geteuid()}.",
            hint="Run as that user, or have the folder removed if it should not be there.",
        )
    if found.st_mode & 0o077:
        raise IndexUnavailable(
            f"The folder {path} is open to other users.", hint=f"Remove it, or close it with: chmod 700 {path}"
        )
    return path


def take_ownership(folder: Path) -> int | None:
    """Return the lock that makes this process the owner, None while another process is. Held until closed."""
    path = meeting_place(folder) / _LOCK
    try:
        return take_lock(path)
    except OSError as error:
        raise IndexUnavailable(
            f"{path} cannot be used: {error.strerror}.", hint="Check that this user may write there."
        ) from error


def listen(folder: Path) -> socket.socket:
    """Open the socket of the owner. Only for who holds the lock: whatever socket was there is a dead one."""
    place = meeting_place(folder)
    path = place / _SOCKET
    if len(os.fsencode(path)) > _LONGEST_PATH:
        path = _short_path(folder)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(path))  # inside a folder that is closed to others
        path.chmod(0o600)
        listener.listen(128)
        # Clients with another XDG_RUNTIME_DIR or TMPDIR must find it as well.
        note = place / f"{_NOTE}.new"
        note.write_bytes(os.fsencode(path))
        note.replace(place / _NOTE)
    except BaseException:
        listener.close()
        raise
    return listener


def socket_path(folder: Path) -> Path:
    """Return where the owner listens, or last listened. Raises FileNotFoundError when there never was one."""
    path = Path(os.fsdecode((meeting_place(folder) / _NOTE).read_bytes()))
    private_folder(path.parent)
    return path


def check_peer(connection: socket.socket) -> None:
    """Raise IndexUnavailable when another user's process is at the other end. Linux only; elsewhere folders decide."""
    if sys.platform == "linux":
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        _, user, _ = struct.unpack("3i", credentials)
        if user != os.geteuid():
            raise IndexUnavailable(
                f"The process at the index socket runs as user {user}, this one as user {os.geteuid()}.",
                hint="Run both as the same user.",
            )


def _short_path(folder: Path) -> Path:
    given = os.environ.get("XDG_RUNTIME_DIR")
    base = Path(given) / "stafwijzer" if given else Path(tempfile.gettempdir()) / f"stafwijzer-{os.geteuid()}"
    path = private_folder(base) / f"{hashlib.sha256(os.fsencode(folder)).hexdigest()[:24]}.sock"
    if len(os.fsencode(path)) > _LONGEST_PATH:
        raise IndexUnavailable(
            f"The paths {folder} and {base} are both too long for a socket.",
            hint="Set XDG_RUNTIME_DIR to a short path of a folder that only this user can use.",
        )
    return path
