"""Load a cross-encoder from a folder on this machine, once, when it is first needed; nothing is ever downloaded.

The one way to sentence-transformers' cross-encoders. Knows nothing of what the two texts of a pair are."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from retrieval.errors import StafwijzerError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class LazyCrossEncoder:
    """A cross-encoder that is loaded by the first call of `scores`. Safe to call from several threads."""

    def __init__(self, folder: Path, *, unavailable: Callable[[str], StafwijzerError]) -> None:
        """`unavailable` makes the error for a folder that cannot be loaded, of the reason."""
        self._folder = folder
        self._unavailable = unavailable
        self._loading = threading.Lock()
        self._loaded: CrossEncoder | None = None

    def scores(self, pairs: Sequence[tuple[str, str]], *, softmax: bool = False) -> npt.NDArray[np.float32]:
        """Return what the model says of each pair: shape (pairs,) for one output, (pairs, outputs) for several.

        `softmax`: bring several outputs to probabilities. Raises what `unavailable` makes."""
        model = self._model()
        rows = model.predict(list(pairs), apply_softmax=softmax, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(rows, dtype=np.float32)

    def _model(self) -> "CrossEncoder":
        from sentence_transformers import CrossEncoder

        with self._loading:
            if self._loaded is None:
                try:
                    self._loaded = CrossEncoder(str(self._folder), device="cpu", local_files_only=True)
                except (OSError, ValueError, RuntimeError, KeyError) as error:
                    raise self._unavailable(str(error)) from error
            return self._loaded
