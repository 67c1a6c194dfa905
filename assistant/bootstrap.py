"""Build the parts from the settings. The one place that knows which implementation stands behind each seam.

Nothing is loaded before it is asked for: a command that only lists corpora starts no model."""

import hashlib
import json
import os
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from langchain_core.language_models import BaseChatModel

from assistant.answers import Answer, Question
from assistant.chatmodels import ModelUnavailable
from assistant.courses.joining import all_steps
from assistant.courses.service import CoursesOfAction
from assistant.courses.storing import WorkspaceStore
from assistant.history import ConversationStore, History, reread_from
from assistant.identity import Accounts, Tokens
from assistant.identity.storing import IdentityStore
from assistant.journal import Journal
from assistant.queueing import FairQueue
from assistant.service import Assistant, LanguageModel
from assistant.settings import Settings
from assistant.verifying import CheckingVerifier, LexicalVerifier, Verifier
from retrieval.blobs import BlobStore
from retrieval.catalog import Catalog
from retrieval.consistency import index_name
from retrieval.embedding import Embedder, SentenceTransformerEmbedder, default_embedder_folder
from retrieval.errors import StafwijzerError
from retrieval.glossing import GlossingEmbedder
from retrieval.index import Index, IndexUnavailable, QdrantIndex, SharedEdgeIndex
from retrieval.ingesting import Ingestion
from retrieval.languages import LANGUAGES, Language
from retrieval.reranking import CrossEncoderReranker
from retrieval.searching import Retriever
from retrieval.terms import packaged_terms, read_terms_file
from retrieval.vocabulary import Vocabulary

if TYPE_CHECKING:
    from assistant.courses.filling import Filler


class HomeUnusable(StafwijzerError):
    """The state folder cannot be made or written."""


class Installation:
    """The parts of one installation, each made when it is first asked for. Close it when done."""

    def __init__(self, settings: Settings) -> None:
        """Make the state folder. Raises HomeUnusable."""
        self.settings = settings
        _make_home(settings.home)

    @cached_property
    def catalog(self) -> Catalog:
        return Catalog(self.settings.catalog_url)

    @cached_property
    def sentence_embedder(self) -> Embedder:
        """The embedding model as it is: sentences are compared with a question while somebody waits."""
        told = self.settings.embedder
        return SentenceTransformerEmbedder(
            told.path or default_embedder_folder(),
            query_prefix=told.query_prefix,
            passage_prefix=told.passage_prefix,
        )

    @cached_property
    def embedder(self) -> Embedder:
        """What search goes by: the model, and glosses of passages in a language that it does not read."""
        languages = self.settings.embedder.languages
        if languages >= set(LANGUAGES):
            return self.sentence_embedder
        return GlossingEmbedder(self.sentence_embedder, languages=languages)

    @cached_property
    def index(self) -> Index:
        told, name = self.settings.index, index_name(self.embedder)
        if told.kind == "edge":
            return SharedEdgeIndex(self.settings.home / "index" / name, dimensions=self.embedder.dimensions)
        if not told.url:
            raise IndexUnavailable("index.kind is 'server' without an address.", hint="Set index.url.")
        # Imported here: the client takes a second to import and the embedded index does without it.
        from qdrant_client import QdrantClient

        client = QdrantClient(url=told.url, api_key=_secret(told.api_key_variable))
        return QdrantIndex(
            client,
            f"stafwijzer-{name}",
            dimensions=self.embedder.dimensions,
            shard_number=told.shards,
            replication_factor=told.replicas,
        )

    @cached_property
    def retriever(self) -> Retriever:
        told = self.settings.search
        return Retriever(
            self.catalog,
            self.index,
            self.embedder,
            candidates=told.candidates,
            embedder_languages=self.settings.embedder.languages,
            dense_weight=told.dense_weight,
            bm25_weight=told.bm25_weight,
            foreign_dense_weight=told.foreign_dense_weight,
            vocabulary=Vocabulary([*(read_terms_file(told.terms) if told.terms else ()), *packaged_terms()]),
            reranker=CrossEncoderReranker(told.reranker) if told.reranker else None,
        )

    @cached_property
    def ingestion(self) -> Ingestion:
        home = self.settings.home
        return Ingestion(self.catalog, self.index, self.embedder, BlobStore(home / "blobs"), home / "locks")

    @cached_property
    def journal(self) -> Journal:
        return Journal(self.catalog.engine)

    @cached_property
    def identity_store(self) -> IdentityStore:
        return IdentityStore(self.catalog.engine)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.identity_store, self.journal)

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(self.identity_store, self.journal, machine=self.settings.principal)

    @cached_property
    def history(self) -> History:
        return History(ConversationStore(self.catalog.engine), reread_from(self.catalog))

    @cached_property
    def model(self) -> LanguageModel | None:
        """The language model, or None when the settings want none. Raises ModelUnavailable."""
        told = self.settings.model
        if told.kind == "none":
            return None
        if told.kind == "openai":
            return LanguageModel(self._endpoint(), None, told.languages, FairQueue(told.concurrent))
        return self._llama_cpp()

    @cached_property
    def verifier(self) -> Verifier:
        """What checks claims: a cross-encoder behind the checks where one is set. Raises VerifierUnavailable."""
        told = self.settings.verifier
        if told.path is None:
            return CheckingVerifier() if told.paraphrases else LexicalVerifier()
        from assistant.verifying.entailing import CrossEncoderVerifier

        return CrossEncoderVerifier(told.path, threshold=told.threshold)

    @cached_property
    def assistant(self) -> Assistant:
        settings = self.settings
        return Assistant(
            retriever=self.retriever,
            sentence_embedder=self.sentence_embedder,
            model=self.model,
            verifier=self.verifier,
            journal=self.journal,
            search=settings.search,
            answer=settings.answer,
            longest_question=settings.chat.question_characters,
            settings_fingerprint=settings.fingerprint,
            index_snapshot=index_name(self.embedder),
        )

    @cached_property
    def courses(self) -> CoursesOfAction:
        store = WorkspaceStore(self.catalog.engine, self.journal)
        return CoursesOfAction(
            store, self.catalog, self._quote, all_steps(fill=self._filler), self.settings.home / "exports"
        )

    def close(self) -> None:
        """Let go of what was opened."""
        if "index" in vars(self):
            self.index.close()
        if "catalog" in vars(self):
            self.catalog.close()

    def _quote(self, question: Question) -> Answer:
        """Answer in quotes only: a workspace asks dozens of questions, and the model writes in a step of its own."""
        quoting = self.assistant.answer.model_copy(update={"compose": False})
        return replace(self.assistant, answer=quoting).ask(question)

    def _filler(self, language: Language, cancelled: Event) -> "Filler | None":
        # Imported here: only developing courses needs it.
        from assistant.courses.filling import Filler

        model, told = self.model, self.settings.answer
        if model is None or language not in model.languages or not told.compose:
            return None
        return Filler(model.chat, model.languages, model.queue, self.verifier, language, cancelled, told.prompts)

    def _llama_cpp(self) -> LanguageModel:
        from assistant.llamacpp import LlamaCppChat, default_model_path

        told = self.settings.model
        path = told.path or default_model_path()
        sha256 = file_sha256(path, remembered_in=self.settings.home / "model-hashes.json")
        if told.sha256 and told.sha256.lower() != sha256:
            raise ModelUnavailable(
                f"{path} has SHA-256 {sha256}, not the one in model.sha256.",
                hint="Copy the model again from its supplier; a model that was changed is not run.",
            )
        chat = LlamaCppChat(
            path=path,
            context_tokens=told.context_tokens,
            output_tokens=told.output_tokens,
            threads=told.threads,
            seed=told.seed,
        )
        return LanguageModel(chat, sha256, told.languages, FairQueue(1))

    def _endpoint(self) -> BaseChatModel:
        from assistant.endpoint import endpoint_chat

        told = self.settings.model
        if not told.url or not told.name:
            raise ModelUnavailable(
                "model.kind is 'openai' without an address or a model's name.", hint="Set model.url and model.name."
            )
        return endpoint_chat(
            url=told.url,
            name=told.name,
            api_key=_secret(told.api_key_variable) or "",
            timeout_seconds=told.timeout_seconds,
            output_tokens=told.output_tokens,
            seed=told.seed,
        )


def file_sha256(path: Path, *, remembered_in: Path) -> str:
    """Return a file's SHA-256, read again only when its size or time of change is another. Raises ModelUnavailable."""
    try:
        status = path.stat()
        key = f"{path.absolute()}:{status.st_size}:{status.st_mtime_ns}"
        known = _remembered(remembered_in)
        if key not in known:
            with path.open("rb") as file:
                known[key] = hashlib.file_digest(file, "sha256").hexdigest()
            draft = remembered_in.with_suffix(f".{os.getpid()}")
            draft.write_text(json.dumps(known, indent=1))
            draft.replace(remembered_in)
    except OSError as error:
        raise ModelUnavailable(
            f"The model file {path} cannot be read ({error.strerror}).", hint="Set model.path in stafwijzer.toml."
        ) from error
    return known[key]


def _remembered(path: Path) -> dict[str, str]:
    try:
        told: dict[str, str] = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return told


def _make_home(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        home.chmod(0o700)
    except OSError as error:
        raise HomeUnusable(
            f"The state folder {home} cannot be made ({error.strerror}).",
            hint="Set STAFWIJZER_HOME to a folder that you may write.",
        ) from error


def _secret(variable: str) -> str | None:
    return os.environ.get(variable) if variable else None
