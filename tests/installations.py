"""Build an installation out of doubles in a temporary folder: no model is loaded and no process is started."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from qdrant_client import QdrantClient

from assistant.answers import Question, Turn
from assistant.chatmodels import ScriptedChat
from assistant.journal import Journal
from assistant.queueing import FairQueue
from assistant.service import Assistant, LanguageModel
from assistant.settings import AnswerSettings, SearchSettings
from assistant.verifying import LexicalVerifier
from retrieval.access import Marking, Principal
from retrieval.blobs import BlobStore
from retrieval.catalog import Catalog, Corpus
from retrieval.embedding import HashEmbedder
from retrieval.index import Index, QdrantIndex
from retrieval.ingesting import Ingestion
from retrieval.searching import Retriever

OPEN = Marking("NLD", "Ongerubriceerd")
SECRET = Marking("NLD", "Stg. Geheim")
OFFICER = Principal("officer", (("NLD", "Ongerubriceerd"),), "NLD")
CLEARED = replace(OFFICER, name="cleared", clearance=(("NLD", "Stg. Geheim"),))
TODAY = date(2026, 2, 4)


def an_ingestion(home: Path, *, index: Index | None = None, embedder: HashEmbedder | None = None) -> Ingestion:
    catalog = Catalog(f"sqlite:///{home / 'catalog.sqlite'}")
    index = index or QdrantIndex(QdrantClient(":memory:"), "tests", dimensions=64)
    return Ingestion(catalog, index, embedder or HashEmbedder(), BlobStore(home / "blobs"), home / "locks")


def a_corpus(name: str = "plans", marking: Marking = OPEN) -> Corpus:
    return Corpus(name, name.title(), f"owner of {name}", marking)


def an_assistant(
    ingestion: Ingestion, *replies: str, answer: AnswerSettings | None = None, chat: ScriptedChat | None = None
) -> Assistant:
    """Return an assistant over what was ingested, whose model says `replies`; none: it has no model."""
    chat = chat or (ScriptedChat(replies=replies) if replies else None)
    model = LanguageModel(chat, "0" * 64, frozenset({"nl", "en"}), FairQueue(1)) if chat else None
    return Assistant(
        retriever=Retriever(ingestion.catalog, ingestion.index, ingestion.embedder),
        sentence_embedder=ingestion.embedder,
        model=model,
        verifier=LexicalVerifier(),
        journal=Journal(ingestion.catalog.engine),
        search=SearchSettings(),
        answer=answer or AnswerSettings(answerability=0.0),
        longest_question=4000,
        settings_fingerprint="tests",
        index_snapshot="tests",
    )


def asking(text: str, *corpora: str, principal: Principal = OFFICER, history: tuple[Turn, ...] = ()) -> Question:
    return Question(text, principal, frozenset(corpora), TODAY, history)
