"""From a question to an answer that is verified or an honest 'not in these documents'. The only way through.

`Assistant.stream` is the one request path of the product: the command line, the chat, every interface and the
evaluations go through it. Knows no screen, no file format and no engine."""

import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from langchain_core.language_models import BaseChatModel

from assistant import citing, composing
from assistant.abstaining import abstain, as_sentences
from assistant.answerability import answerability
from assistant.answers import (
    Abstention,
    Answer,
    Answered,
    Claim,
    ClaimChecked,
    Conflict,
    ConflictFound,
    Drafted,
    Event,
    Evidence,
    Question,
    Searched,
    SourcesFound,
    Stage,
    StageName,
    Tokens,
    Trace,
    Understood,
    Verdict,
    Weighed,
)
from assistant.chatmodels import Cancelled
from assistant.claiming import Checker, quoted
from assistant.conflicting import Alternative, alternatives, find_conflicts, is_side, sentences_to_quote
from assistant.journal import Journal
from assistant.parting import interleave, parts_of
from assistant.queueing import FairQueue
from assistant.quoting import Sentence, best_sentences, rank_sentences
from assistant.rewriting import standalone_query
from assistant.scoping import Reach, of_one_policy, reach_of
from assistant.selecting import select, within_budget
from assistant.settings import AnswerSettings, SearchSettings
from assistant.verifying import Verifier
from assistant.wording import in_language
from retrieval.access import METADATA_ONLY, high_water_mark
from retrieval.documents import Hit
from retrieval.embedding import Embedder
from retrieval.errors import StafwijzerError
from retrieval.languages import Language, detect_language
from retrieval.searching import Retriever


class ReadsNoText(StafwijzerError):
    """Who asks may list documents, and read none of them."""


class QuestionInvalid(StafwijzerError):
    """A question that cannot be asked: empty, or longer than is taken."""


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A chat model with what the assistant needs to know of it."""

    chat: BaseChatModel
    sha256: str | None
    languages: frozenset[Language]
    queue: FairQueue


@dataclass(frozen=True, slots=True)
class Assistant:
    retriever: Retriever
    sentence_embedder: Embedder
    """Compares sentences of the evidence with the question."""
    model: LanguageModel | None
    """None: answers are quotes only."""
    verifier: Verifier
    journal: Journal
    search: SearchSettings
    answer: AnswerSettings
    longest_question: int
    settings_fingerprint: str
    index_snapshot: str

    def ask(self, question: Question) -> Answer:
        """Return the answer to a question: `stream`, folded. Raises what it raises."""
        for event in self.stream(question):
            if isinstance(event, Answered):
                return event.answer
        raise AssertionError("a stream ends with its answer")

    def stream(self, question: Question, *, cancelled: threading.Event | None = None) -> Iterator[Event]:
        """Answer a question in events, the last of which holds the answer.

        Sources come before anything is written, and every claim only after it was checked. Raises QuestionInvalid,
        ReadsNoText, CorpusUnknown when none of the corpora named is there for the asker, IndexUnavailable,
        IndexMismatch, and Cancelled once the event is set."""
        self._check(question)
        run = _Run(self, question, cancelled)
        yield Stage(StageName.SEARCHING)
        yield run.understand()
        hits = run.search()
        yield Searched(tuple(hits))
        evidence = run.select(hits)
        yield SourcesFound(tuple(evidence))
        yield run.weigh(evidence)
        claims: list[Claim] = []
        if not run.abstaining:
            yield from map(ConflictFound, run.find_conflicts())
            for claim in run.quotes():
                claims.append(claim)
                yield ClaimChecked(claim)
            if self._composes(run.language):
                for event in run.compose(claims):
                    if isinstance(event, ClaimChecked):
                        claims.append(event.claim)
                    yield event
        answer = run.answer(evidence, claims)
        self.journal.append("answer", citing.as_record(answer, question))
        yield Answered(answer)

    def _check(self, question: Question) -> None:
        if METADATA_ONLY in question.principal.roles:
            raise ReadsNoText(
                "You may list and count documents and read no text, so no question can be answered.",
                hint="`stafwijzer corpus list` and `show` tell what there is.",
            )
        if not question.text.strip():
            raise QuestionInvalid("The question is empty.", hint="Type a question.")
        for text in (question.text, question.query):
            if not text.isprintable() and any("\ud800" <= character <= "\udfff" for character in text):
                raise QuestionInvalid("The question holds bytes that are not text.", hint="Type it in UTF-8.")
            if len(text) > self.longest_question:
                raise QuestionInvalid(
                    f"The question is {len(text):,} characters long; at most {self.longest_question:,} are taken.",
                    hint="Ask it in a few sentences, and add long text to a corpus instead.",
                )

    def _composes(self, language: Language) -> bool:
        return self.answer.compose and self.model is not None and language in self.model.languages

    def _count_tokens(self, text: str) -> int:
        return self.model.chat.get_num_tokens(text) if self.model else len(text) // 4 + 1


@dataclass(frozen=True, slots=True)
class _Part:
    """A question, or one of the questions within it, and what the evidence has to say to it."""

    query: str
    sentences: Sequence[Sentence]
    """Best first."""
    probability: float
    """That they answer it, 0 to 1."""


@dataclass(slots=True)
class _Run:
    """One question on its way, and what is learnt about it."""

    assistant: Assistant
    question: Question
    cancelled: threading.Event | None
    reach: Reach = field(init=False)
    language: Language = "en"
    query: str = ""
    parts: list[_Part] = field(default_factory=list)
    unanswered: tuple[str, ...] = ()
    offered: list[Sequence[Alternative]] = field(default_factory=list)
    """Of each part that is answered: what different documents answer."""
    conflicts: list[Conflict] = field(default_factory=list)
    probability: float = 0.0
    abstaining: bool = True
    unresolved: int = 0
    withheld: Sequence[Claim] = ()
    notes: list[str] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)
    prompts: dict[str, str] = field(default_factory=dict)
    tokens: Tokens = field(default_factory=Tokens)
    started: float = field(default_factory=time.perf_counter)

    def understand(self) -> Understood:
        """Say what will be searched for, and of what corpora."""
        question = self.question
        self.language = detect_language(question.text)
        self.query = " ".join(question.query.split()) or standalone_query(question.text, question.history)
        self.reach = reach_of(question, self.assistant.retriever.catalog)
        self.notes += self.reach.notes
        self.parts = [_Part(query, (), 0.0) for query in parts_of(self.query, self.language) or [self.query]]
        return Understood(self.query, self._within(), rewritten=self.query != question.text)

    def search(self) -> list[Hit]:
        """Find passages within what the asker may read."""
        assistant, settings = self.assistant, self.assistant.search
        deep = max(settings.limit, settings.candidates)
        rankings = [
            assistant.retriever.search(query, scope=self.reach.scope, limit=deep)
            for query in (self.query, *self._within())
        ]
        hits, note = of_one_policy(interleave(rankings, limit=deep), considered=settings.limit)
        self.notes += [note] if note else []
        self._ended("searched")
        return hits

    def select(self, hits: Sequence[Hit]) -> list[Evidence]:
        """Label the best hits as evidence."""
        evidence = select(hits, limit=self.assistant.search.limit)
        self._ended("sources")
        return evidence

    def weigh(self, evidence: Sequence[Evidence]) -> Weighed:
        """Rank the sentences of the evidence and estimate whether they answer the question, part by part."""
        least = self.assistant.answer.answerability
        self.parts = [self._weighed(part.query, evidence) for part in self.parts]
        self.probability = max(part.probability for part in self.parts)
        answered = [part for part in self.parts if part.sentences and part.probability >= least]
        self.abstaining = not answered
        if answered:
            self.unanswered = tuple(part.query for part in self.parts if part not in answered)
            self.parts = answered
        self._ended("weighed")
        self._stop_if_cancelled()
        return Weighed(self.probability, self.abstaining)

    def find_conflicts(self) -> list[Conflict]:
        """Return where documents give different answers to a part of the question."""
        for part in self.parts:
            offered = alternatives(part.query, part.sentences, language=self.language)
            self.offered.append(offered)
            self.conflicts += find_conflicts(part.query, part.sentences, offered)
        return self.conflicts

    def quotes(self) -> Iterator[Claim]:
        """Yield the best sentences of each part as claims that are their own proof, and all sides of a conflict."""
        each = self._each(self.assistant.answer.quotes)
        chosen = [
            sentences_to_quote(part.sentences, offered, self.conflicts, limit=each)
            for part, offered in zip(self.parts, self.offered, strict=True)
        ]
        for sentence in _once(chosen):
            disputed = is_side(sentence, self.conflicts)
            yield from map(self._explained, quoted(sentence, Verdict.CONFLICTING if disputed else Verdict.SUPPORTED))
        self._ended("quoted")

    def compose(self, said: Sequence[Claim]) -> Iterator[Event]:
        """Let the model write, and yield what of it the evidence supports and the quotes do not say already."""
        assistant = self.assistant
        assert assistant.model is not None
        # Twice as many as are quoted: reading is what a model is slow at.
        shown = within_budget(
            self._best(2 * assistant.answer.quotes),
            budget_tokens=assistant.answer.evidence_tokens,
            count_tokens=assistant._count_tokens,
        )
        prompt = composing.prompt_for(self.language, folder=assistant.answer.prompts)
        messages = composing.compose_messages(prompt, self.question.text, shown)
        self.prompts[prompt.name] = prompt.sha256
        text = ""
        try:
            with assistant.model.queue.join() as ticket:
                for position in ticket.positions(cancelled=self.cancelled):
                    yield Stage(StageName.WAITING, position)
                yield Stage(StageName.COMPOSING)
                for piece in composing.stream_text(assistant.model.chat, messages, cancelled=self.cancelled):
                    if not text:
                        self._ended("first_token")
                    text += piece
                    yield Drafted(piece)
        except (Cancelled, GeneratorExit):
            raise
        except Exception as error:  # noqa: BLE001 (a model may fail in any way; the quotes stand without it)
            self.notes.append(f"the language model failed: {error}")
            return
        count = assistant._count_tokens
        self.tokens = Tokens(sum(count(str(message.content)) for message in messages), count(text))
        self._ended("composed")
        if not text.strip():
            self.notes.append("the language model wrote nothing")
        checker = Checker(assistant.verifier, shown, self.query, self.language)
        for drafted in composing.read_claims(text):
            if claim := checker.check(drafted, said):
                yield ClaimChecked(self._explained(claim))
        self.unresolved, self.withheld = checker.unresolved, [self._explained(claim) for claim in checker.withheld]
        self.notes += checker.failures

    def answer(self, evidence: Sequence[Evidence], claims: Sequence[Claim]) -> Answer:
        assistant, used_model = self.assistant, bool(self.prompts)
        told = None
        if self.abstaining:
            rankings = [part.sentences for part in self.parts]
            told = abstain(self.query, self.reach, evidence, *rankings, quotes=assistant.answer.quotes)
        strikes = assistant.answer.unverified == "strike"
        self._ended("answered")
        return Answer(
            id=str(uuid.uuid4()),
            question=self.question.text,
            language=self.language,
            claims=tuple(claims),
            text=self._text(claims, told, struck=self.withheld if strikes else ()),
            citations=tuple(dict.fromkeys(citation for claim in claims for citation in claim.citations)),
            evidence=tuple(evidence),
            abstained=self.abstaining,
            abstention=told,
            unanswered=self.unanswered,
            conflicts=tuple(self.conflicts),
            marking=high_water_mark(one.marking for one in evidence),
            withheld=tuple(self.withheld),
            strikes=strikes,
            unresolved=self.unresolved,
            trace=Trace(
                settings_fingerprint=assistant.settings_fingerprint,
                query=self.query,
                parts=self._within(),
                prompt_hashes=self.prompts,
                model_sha256=assistant.model.sha256 if assistant.model and used_model else None,
                index_snapshot=assistant.index_snapshot,
                timings=self.timings,
                tokens=self.tokens,
                answerability=round(self.probability, 4),
                notes=tuple(self.notes),
            ),
        )

    def _text(self, claims: Sequence[Claim], told: Abstention | None, *, struck: Sequence[Claim]) -> str:
        if told:
            return as_sentences(told, self.language)
        return citing.as_text(claims, self.language, unanswered=self.unanswered, struck=struck)

    def _explained(self, claim: Claim) -> Claim:
        """Return a claim with its reasons in the language of the answer."""
        return replace(claim, reasons=tuple(in_language(reason, self.language) for reason in claim.reasons))

    def _weighed(self, query: str, evidence: Sequence[Evidence]) -> _Part:
        assistant = self.assistant
        trust = 1.0 if self.language in assistant.retriever.embedder_languages else 0.0
        sentences = rank_sentences(query, evidence, embedder=assistant.sentence_embedder, trust=trust)
        return _Part(query, sentences, answerability(query, sentences, trust=trust))

    def _within(self) -> tuple[str, ...]:
        """Return the questions within the question; none when it is a single one."""
        return tuple(part.query for part in self.parts if part.query != self.query) + self.unanswered

    def _best(self, limit: int) -> list[Sentence]:
        """Return the best sentences of the parts, at least one for each."""
        return _once([best_sentences(part.sentences, self._each(limit)) for part in self.parts])

    def _each(self, limit: int) -> int:
        return max(1, round(limit / len(self.parts)))

    def _stop_if_cancelled(self) -> None:
        if self.cancelled is not None and self.cancelled.is_set():
            raise Cancelled

    def _ended(self, stage: str) -> None:
        self.timings[stage] = round(time.perf_counter() - self.started, 4)


def _once(chosen: Sequence[Sequence[Sentence]]) -> list[Sentence]:
    return list({(one.evidence.label, one.start): one for some in chosen for one in some}.values())
