"""What one gets without this product: a plain retrieval chain of LangChain, and the language model alone.

They show what grounding and verification are worth on the same model, corpus and machine. They show all that the model
writes; the verdicts on their statements are found afterwards, by the bench."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate

from assistant.answers import (
    Answered,
    Citation,
    Claim,
    Drafted,
    Event,
    Evidence,
    Origin,
    Question,
    Searched,
    SourcesFound,
    Tokens,
)
from assistant.bootstrap import Installation
from assistant.chatmodels import ModelUnavailable
from assistant.composing import read_claims
from assistant.service import LanguageModel
from assistant.verifying import Verifier
from evals.systems import an_answer, as_evidence, find
from retrieval.searching import Retriever
from retrieval.sentences import sentence_ranges

# What tutorials take: the four nearest passages, stuffed into one prompt.
_PASSAGES = 4
_WITH_CONTEXT = ChatPromptTemplate(
    [
        ("system", "You are an assistant for question answering. Use the numbered context to answer the question and "
         "cite the context that you used by its number, such as [1]. If you do not know the answer, say that you do "
         "not know. Be concise."),
        ("human", "Context:\n{context}\n\nQuestion: {question}\nAnswer:"),
    ]
)  # fmt: skip
_ALONE = ChatPromptTemplate(
    [("system", "Answer the question in at most three sentences."), ("human", "{question}")],
)


@dataclass(frozen=True, slots=True)
class Baseline:
    """A model behind a prompt, with the nearest passages or without any."""

    name: str
    fingerprint: str
    index_snapshot: str
    model: LanguageModel
    prompt: ChatPromptTemplate
    retriever: Retriever | None
    """None: closed book."""
    verifier: Verifier

    def stream(self, question: Question) -> Iterator[Event]:
        started = time.perf_counter()
        hits = find(self.retriever, question, limit=_PASSAGES) if self.retriever else []
        evidence = as_evidence(hits)
        if self.retriever:
            yield Searched(tuple(hits))
            yield SourcesFound(tuple(evidence))
        chain = self.prompt | self.model.chat | StrOutputParser()
        context = "\n".join(f"[{one.label}] {one.passage.text}" for one in evidence)
        text = ""
        for piece in chain.stream({"context": context, "question": question.text}):
            text += piece
            yield Drafted(piece)
        seconds = time.perf_counter() - started
        claims, unresolved = _claims(text, evidence, self.verifier)
        count = self.model.chat.get_num_tokens
        yield Answered(
            an_answer(
                question,
                text=text.strip(),
                claims=claims,
                evidence=evidence,
                fingerprint=self.fingerprint,
                index_snapshot=self.index_snapshot,
                timings={"answered": seconds},
                unresolved=unresolved,
                tokens=Tokens(count(context) + count(question.text), count(text)),
                model_sha256=self.model.sha256,
            )
        )


def plain_chain(installation: Installation) -> Baseline:
    """Return the chain of prompt, model and parser over the nearest passages by meaning. Raises ModelUnavailable."""
    dense = replace(installation.retriever, dense_weight=1.0, foreign_dense_weight=1.0, bm25_weight=0.0, reranker=None)
    return _baseline("langchain", installation, _WITH_CONTEXT, dense)


def closed_book(installation: Installation) -> Baseline:
    """Return the model without any document. Raises ModelUnavailable."""
    return _baseline("closed-book", installation, _ALONE, None)


def _baseline(
    name: str, installation: Installation, prompt: ChatPromptTemplate, retriever: Retriever | None
) -> Baseline:
    assistant = installation.assistant
    if assistant.model is None:
        raise ModelUnavailable(f"The system '{name}' needs a language model.", hint="Set model.kind.")
    model: BaseChatModel = assistant.model.chat
    return Baseline(
        name,
        assistant.settings_fingerprint,
        assistant.index_snapshot,
        replace(assistant.model, chat=model),
        prompt,
        retriever,
        assistant.verifier,
    )


def _claims(text: str, evidence: Sequence[Evidence], verifier: Verifier) -> tuple[list[Claim], int]:
    """Return the statements with what they cite, and how many of their labels point at nothing.

    What a statement cites is a whole passage; the sentences of it are what it is verified against."""
    claims, unresolved = [], 0
    for drafted in read_claims(text):
        cited = [one for one in evidence if one.label in drafted.labels]
        unresolved += len(drafted.labels) - len(cited)
        sentences = [one.passage.text[start:end] for one in cited for start, end in sentence_ranges(one.passage.text)]
        judged = verifier.verify(drafted.text, sentences)
        claims.append(Claim(drafted.text, tuple(map(_cite, cited)), judged.verdict, judged.reasons, Origin.MODEL))
    return claims, unresolved


def _cite(evidence: Evidence) -> Citation:
    passage, document = evidence.passage, evidence.document
    return Citation(
        evidence.label,
        passage.id,
        passage.version,
        document.corpus,
        document.key,
        document.title,
        passage.page,
        passage.start,
        passage.end,
        passage.text,
    )
