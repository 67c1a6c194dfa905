"""The worker that draws and reads pages, one after another, as its parent asks on standard input.

Bounded and cut off from the network as the worker that reads whole files is, whose loop it runs and whose wire it
speaks: the name of a file says what is wanted of it, and what comes back is the text of a page, with its picture or
its boxes as fields. Knows no corpus, catalog or index."""

import json
from base64 import b64encode
from dataclasses import astuple
from pathlib import Path

from retrieval.loading.loaded import Loaded
from retrieval.parsing.worker import main
from retrieval.rendering.drawing import draw, read


def answer(path: Path, *, name: str) -> Loaded:
    """Return what is wanted of a document: `draw PAGE WIDTH` or `read PAGE`. Raises NotLoaded."""
    verb, number, *width = name.split(" ")
    if verb == "draw":
        return Loaded("", (), "", {"picture": b64encode(draw(path, number=int(number), width=int(width[0]))).decode()})
    page = read(path, number=int(number))
    boxes = [box and astuple(box) for box in page.boxes]
    return Loaded(
        page.text, (), "", {"size": json.dumps([page.of, page.width, page.height]), "boxes": json.dumps(boxes)}
    )


if __name__ == "__main__":
    main(answer)
