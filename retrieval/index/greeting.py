"""Open a conversation with the owner of an index folder.

Knows how the two ends greet; starts nothing and ends nothing."""

import socket
import time
from pathlib import Path

from retrieval.index import rendezvous, wire
from retrieval.index.protocol import IndexUnavailable

# Opening takes 0.1 s at 10,000 points, 11 s at a million, and up to 2 s more after a crash.
START_SECONDS = 60.0


def say_hello(folder: Path, hello: wire.Message, deadline: float) -> tuple[socket.socket, wire.Message]:
    """Connect and exchange greetings; an owner that is still opening its index answers when it has."""
    path = rendezvous.socket_path(folder)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(max(0.1, deadline - time.monotonic()))
        connection.connect(str(path))
        rendezvous.check_peer(connection)
        wire.send(connection, hello)
        return connection, wire.receive(connection)
    except TimeoutError as error:
        connection.close()
        raise IndexUnavailable(
            f"The process that owns the index in {folder} does not answer.",
            hint=f"See {folder / 'owner.log'}; end the process if it hangs, it is started again by itself.",
        ) from error
    except BaseException:
        connection.close()
        raise
