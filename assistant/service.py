"""From a question to an answer that is verified or an honest 'not in these documents'. The only way through.

`Assistant.stream` is the one request path of the product: the command line, the chat, every interface and the
evaluations go through it. Knows no screen, no file format and no engine."""

import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from langchain_core.language_models import BaseChatModel

from assistant import citing, composing
from assistant.answerability import answerability
from assistant.answers import (
    Answer,
    Answered,
    Claim,
    ClaimChecked,
    Drafted,
    Event,
    Evidence,
    Origin,
    Question,
    Searched,
    SourcesFound,
    Stage,
    StageName,
    Tokens,
    Trace,
    Verdict,
)
from assistant.chatmodels import Cancelled
from assistant.journal import Journal
from assistant.queueing import FairQueue
from assistant.quoting import Sentence, best_sentences, cite, rank_sentences
from assistant.rewriting import standalone_query
from assistant.selecting import select
from assistant.settings import AnswerSettings, SearchSettings
from assistant.verifying import Judgement, Verifier
from assistant.wording import say
from retrieval.access import high_water_mark, may_read, scope_for
from retrieval.catalog import CorpusUnknown
from retrieval.documents import Hit
from retrieval.errors import StafwijzerError
from retrieval.languages import Language, detect_language
from retrieval.lexical import content_words, stems
from retrieval.searching import Retriever


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

        Sources come before the first word of the answer, and every claim only after it was checked. Raises
        QuestionInvalid, CorpusUnknown when none of the corpora named is there for the asker, IndexUnavailable,
        IndexMismatch, and Cancelled once the event is set."""
        self._check(question)
        run = _Run(self, question, cancelled)
        yield Stage(StageName.SEARCHING)
        hits = run.search()
        yield Searched(tuple(hits))
        evidence = select(
            hits[: self.search.limit], budget_tokens=self.answer.evidence_tokens, count_tokens=self._count_tokens
        )
        sentences = run.rank(evidence)
        abstaining = not sentences or run.probability < self.answer.answerability
        yield SourcesFound(tuple(evidence), abstaining)
        claims: list[Claim] = []
        if not abstaining:
            for claim in run.quotes(sentences):
                claims.append(claim)
                yield ClaimChecked(claim)
            if self._composes(run.language):
                for event in run.compose(sentences, claims):
                    if isinstance(event, ClaimChecked):
                        claims.append(event.claim)
                    yield event
        answer = run.answer(evidence, claims, abstaining)
        self.journal.append("answer", citing.as_record(answer, question))
        yield Answered(answer)

    def _check(self, question: Question) -> None:
        if not question.text.strip():
            raise QuestionInvalid("The question is empty.", hint="Type a question.")
        if not question.text.isprintable() and any("\ud800" <= character <= "\udfff" for character in question.text):
            raise QuestionInvalid("The question holds bytes that are not text.", hint="Type it in UTF-8.")
        if len(question.text) > self.longest_question:
            raise QuestionInvalid(
                f"The question is {len(question.text):,} characters long; at most {self.longest_question:,} are taken.",
                hint="Ask it in a few sentences, and add long text to a corpus instead.",
            )

    def _composes(self, language: Language) -> bool:
        return self.answer.compose and self.model is not None and language in self.model.languages

    def _count_tokens(self, text: str) -> int:
        return self.model.chat.get_num_tokens(text) if self.model else len(text) // 4 + 1


@dataclass(slots=True)
class _Run:
    """One question on its way, and what is learnt about it."""

    assistant: Assistant
    question: Question
    cancelled: threading.Event | None
    language: Language = "en"
    query: str = ""
    corpora: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    probability: float = 0.0
    unresolved: int = 0
    withheld: list[Claim] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)
    prompts: dict[str, str] = field(default_factory=dict)
    tokens: Tokens = field(default_factory=Tokens)
    started: float = field(default_factory=time.perf_counter)

    def search(self) -> list[Hit]:
        """Find passages within what the asker may read."""
        assistant, question = self.assistant, self.question
        self.language = detect_language(question.text)
        self.query = standalone_query(question.text, question.history)
        catalog = assistant.retriever.catalog
        # What the asker may not read is not there: not to be chosen, not to be named in an abstention.
        known = [
            corpus for corpus in catalog.corpora() if may_read(question.principal, corpus.marking, question.on_date)
        ]
        chosen = [corpus for corpus in known if not question.corpora or corpus.name in question.corpora]
        for name in sorted(question.corpora - {corpus.name for corpus in known}):
            unknown = CorpusUnknown.named(name, (corpus.name for corpus in known))
            if not chosen:
                raise unknown
            self.notes.append(f"left out: {unknown.problem}")
        self.corpora = tuple(corpus.name for corpus in chosen)
        self.owners = tuple(dict.fromkeys(corpus.owner for corpus in chosen if corpus.owner))
        scope = scope_for(
            question.principal, markings=catalog.markings(), corpora=self.corpora, on_date=question.on_date
        )
        deep = max(assistant.search.limit, assistant.search.candidates)
        hits = assistant.retriever.search(self.query, scope=scope, limit=deep)
        self._ended("searched")
        return self._of_one_policy(hits)

    def _of_one_policy(self, hits: list[Hit]) -> list[Hit]:
        """Keep what stands under the policy of the best hit: no order between two policies could mark the answer."""
        kept = [hit for hit in hits if hit.marking.policy == hits[0].marking.policy]
        considered = [hit.marking.policy for hit in hits[: self.assistant.search.limit]]
        others = [policy for policy in considered if policy != considered[0]]
        if others:
            policies = ", ".join(sorted(set(others)))
            self.notes.append(
                f"left out, because an answer carries one marking: {len(others)} under the policy {policies}; "
                "ask about those corpora by name"
            )
        return kept

    def rank(self, evidence: Sequence[Evidence]) -> list[Sentence]:
        """Rank the sentences of the evidence and estimate whether they answer the question."""
        retriever = self.assistant.retriever
        trust = 1.0 if self.language in retriever.embedder_languages else 0.0
        sentences = rank_sentences(self.query, evidence, embedder=retriever.embedder, trust=trust)
        self.probability = answerability(sentences, trust=trust)
        self._ended("sources")
        return sentences

    def quotes(self, sentences: Sequence[Sentence]) -> Iterator[Claim]:
        """Yield the best sentences as claims that are their own proof."""
        for sentence in best_sentences(sentences, self.assistant.answer.quotes):
            citation = cite(sentence)
            words = " ".join(citation.quote.split())
            yield Claim(words, (citation,), Verdict.SUPPORTED, ("word for word in the cited text",), Origin.QUOTE)
        self._ended("quoted")

    def compose(self, sentences: Sequence[Sentence], quoted: Sequence[Claim]) -> Iterator[Event]:
        """Let the model write, and yield what of it the evidence supports and the quotes do not say already."""
        assistant = self.assistant
        assert assistant.model is not None
        shown = composing.sentences_for_model(sentences, assistant.answer.quotes)
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
        for drafted in composing.read_claims(text):
            claim = self._checked(drafted, shown)
            if claim.verdict is not Verdict.SUPPORTED:
                self.withheld.append(claim)
            elif self._says_something(claim, quoted):
                yield ClaimChecked(claim)

    def answer(self, evidence: Sequence[Evidence], claims: Sequence[Claim], abstaining: bool) -> Answer:
        self._ended("answered")
        assistant, used_model = self.assistant, bool(self.prompts)
        return Answer(
            id=str(uuid.uuid4()),
            question=self.question.text,
            language=self.language,
            claims=tuple(claims),
            text=self._abstention(evidence) if abstaining else citing.as_text(claims),
            citations=tuple(dict.fromkeys(citation for claim in claims for citation in claim.citations)),
            evidence=tuple(evidence),
            abstained=abstaining,
            conflicts=(),
            marking=high_water_mark(one.marking for one in evidence),
            withheld=tuple(self.withheld),
            unresolved=self.unresolved,
            trace=Trace(
                settings_fingerprint=assistant.settings_fingerprint,
                query=self.query,
                prompt_hashes=self.prompts,
                model_sha256=assistant.model.sha256 if assistant.model and used_model else None,
                index_snapshot=assistant.index_snapshot,
                timings=self.timings,
                tokens=self.tokens,
                answerability=round(self.probability, 4),
                notes=tuple(self.notes),
            ),
        )

    def _checked(self, drafted: composing.Drafted, shown: Sequence[Sentence]) -> Claim:
        """Check a statement against the sentences it points at, or, when it points at none, against each."""
        self.unresolved += sum(not 1 <= label <= len(shown) for label in drafted.labels)
        pointed = [shown[label - 1] for label in drafted.labels if 1 <= label <= len(shown)]
        judged = self._judged(drafted.text, pointed)
        if not drafted.labels:
            judged, pointed = max(
                ((self._judged(drafted.text, [sentence]), [sentence]) for sentence in shown),
                key=lambda one: one[0].verdict is Verdict.SUPPORTED,
            )
        return Claim(drafted.text, tuple(map(cite, pointed)), judged.verdict, judged.reasons, Origin.MODEL)

    def _judged(self, claim: str, pointed: Sequence[Sentence]) -> Judgement:
        try:
            return self.assistant.verifier.verify(claim, [sentence.text for sentence in pointed])
        except Exception as error:  # noqa: BLE001 (a verifier may fail in any way; the quotes stand without it)
            note = f"the verifier failed: {error}; what the model wrote is not shown"
            self.notes += [note] if note not in self.notes else []
            return Judgement(Verdict.UNSUPPORTED, ("it could not be checked",))

    def _says_something(self, claim: Claim, quoted: Sequence[Claim]) -> bool:
        """A composed claim is shown when it is about the question and not just a quote over again."""
        asked = set(stems(self.query, self.language))
        about = asked & set(stems(claim.text, self.language))
        plain = " ".join(content_words(claim.text))
        return bool(about) and not any(plain in " ".join(content_words(one.text)) for one in quoted)

    def _abstention(self, evidence: Sequence[Evidence]) -> str:
        if not self.corpora:
            return say("no corpora", self.language)
        sentences = [say("abstained", self.language, corpora=", ".join(self.corpora))]
        found = {word for one in evidence for word in content_words(one.passage.text)}
        missing = [word for word in dict.fromkeys(content_words(self.query)) if word not in found]
        if evidence and missing:
            sentences.append(say("missing words", self.language, words=", ".join(missing[:5])))
        if self.owners:
            sentences.append(say("owner", self.language, owners=", ".join(self.owners)))
        return " ".join(sentences)

    def _ended(self, stage: str) -> None:
        self.timings[stage] = round(time.perf_counter() - self.started, 4)
