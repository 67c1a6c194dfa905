"""Every setting, in one place: frozen, validated, with a fingerprint.

Read from `stafwijzer.toml`; nothing else in the program reads the environment or a file for its configuration."""

import difflib
import hashlib
import json
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from prompts import prompts_sha256
from retrieval.access import METADATA_ONLY, Marking, Principal
from retrieval.errors import StafwijzerError
from retrieval.languages import Language
from retrieval.policies import establish_policies, policies_with

_ROLES = frozenset({"owner", "evaluator", "operator"})
_PATHS = (
    ("model", "path"),
    ("embedder", "path"),
    ("search", "reranker"),
    ("search", "terms"),
    ("answer", "prompts"),
    ("verifier", "path"),
)


class SettingsInvalid(StafwijzerError):
    """The settings file cannot be used."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class ModelSettings(_Table):
    """The language model."""

    kind: Literal["llama.cpp", "openai", "none"] = Field(
        "llama.cpp", description="llama.cpp in this process, any OpenAI-compatible endpoint, or none: quotes only."
    )
    path: Path | None = Field(None, description="A GGUF file. Default: the packaged SmolLM2-135M-Instruct.")
    sha256: str = Field("", description="Refuse to load a GGUF file with another SHA-256. Empty: any.")
    url: str = Field("", description="For kind openai: the base address, such as http://127.0.0.1:8080/v1.")
    name: str = Field("", description="For kind openai: the model's name there.")
    api_key_variable: str = Field("", description="For kind openai: environment variable that holds the key.")
    timeout_seconds: float = Field(60.0, gt=0, description="For kind openai: how long to wait for the endpoint.")
    concurrent: int = Field(4, ge=1, description="For kind openai: requests at once. llama.cpp always does one.")
    context_tokens: int = Field(2048, ge=256, description="Size of the model's context window that is used.")
    output_tokens: int = Field(80, ge=1, description="Most tokens that the model may write.")
    threads: int = Field(0, ge=0, description="Threads for llama.cpp. 0: one for each physical core.")
    seed: int = Field(0, description="Seed of the sampler. Sampling is greedy (temperature 0).")
    languages: frozenset[Language] = Field(
        frozenset({"en"}), description="Languages the model writes well. In others, answers are quotes only."
    )


class EmbedderSettings(_Table):
    """The embedding model."""

    path: Path | None = Field(None, description="A sentence-transformers folder. Default: packaged all-MiniLM-L6-v2.")
    languages: frozenset[Language] = Field(frozenset({"en"}), description="Languages the embedder understands.")
    query_prefix: str = Field("", description="Put before a query, where the model wants it: 'query: '.")
    passage_prefix: str = Field("", description="Put before a passage, where the model wants it: 'passage: '.")


class IndexSettings(_Table):
    """The search index."""

    kind: Literal["edge", "server"] = Field("edge", description="Qdrant Edge on this machine, or a Qdrant server.")
    url: str = Field("", description="For kind server: its address, such as http://127.0.0.1:6333.")
    api_key_variable: str = Field("", description="For kind server: environment variable that holds the key.")
    shards: int = Field(1, ge=1, description="For kind server: shards of the collection.")
    replicas: int = Field(1, ge=1, description="For kind server: copies of each shard.")


class CatalogSettings(_Table):
    """The catalog and the journal."""

    url: str = Field("", description="SQLAlchemy URL (sqlite or postgresql). Default: catalog.sqlite in the home.")


class SearchSettings(_Table):
    """How passages are found."""

    limit: int = Field(8, ge=1, le=50, description="Passages that a question is answered from, at most.")
    candidates: int = Field(100, ge=1, le=1000, description="Results of each search before they are fused.")
    dense_weight: float = Field(0.45, ge=0, le=1, description="Weight of the ranking by meaning. 0: not used.")
    bm25_weight: float = Field(1.0, ge=0, le=1, description="Weight of the ranking by words. 0: not used.")
    foreign_dense_weight: float = Field(
        0.28, ge=0, le=1, description="Instead of dense_weight, for a query in a language the embedder lacks."
    )
    terms: Path | None = Field(None, description="Your own Dutch-English terms, besides the packaged ones; see docs.")
    reranker: Path | None = Field(None, description="A sentence-transformers cross-encoder folder. Default: none.")


class AnswerSettings(_Table):
    """How an answer is made."""

    evidence_tokens: int = Field(1400, ge=64, description="Most tokens of evidence, by the model's own tokenizer.")
    quotes: int = Field(3, ge=1, le=10, description="Sentences that are quoted as the answer, at most.")
    prompts: Path | None = Field(None, description="A folder of templates that replace packaged ones of the same name.")
    unverified: Literal["drop", "strike"] = Field(
        "drop", description="What the model wrote and no text supports: only counted, or shown struck through."
    )
    compose: bool = Field(True, description="Let the model write a short answer, shown only where it verifies.")
    answerability: float = Field(
        0.28, ge=0, le=1, description="Abstain when the evidence answers the question with a lower probability."
    )


class VerifierSettings(_Table):
    """How claims are checked against the text that they cite."""

    paraphrases: bool = Field(
        False, description="Support claims in other words too. Lets some names in each other's place pass; see docs."
    )
    path: Path | None = Field(
        None, description="A cross-encoder folder (inference or groundedness). Default: none, words and checks."
    )
    threshold: float = Field(
        0.5, ge=0, le=1, description="For path: probability of support from which on a claim is supported."
    )


class AccessSettings(_Table):
    """Who the user of this machine is, and what documents get that carry no marking of their own."""

    name: str = Field("officer", min_length=1, description="The user of the command line, and of the chat's sign-in.")
    nationality: str = Field("NLD", pattern="^[A-Z]{3}$", description="ISO 3166-1 alpha-3.")
    clearance: dict[str, str] = Field(
        default_factory=lambda: {"NLD": "Ongerubriceerd"}, description="Highest level by policy."
    )
    groups: frozenset[str] = Field(frozenset(), description="Need-to-know groups of the user.")
    categories: frozenset[str] = Field(frozenset(), description="Categories the user is read into.")
    # Only roles that mean something: a misspelt 'metadata-only' would read everything.
    roles: frozenset[Literal["metadata-only"]] = Field(
        frozenset(), description="metadata-only: the user may list and count documents, and reads no text."
    )
    policies: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Your own policies: levels by name, from low to high."
    )
    default_policy: str = Field("NLD", description="Policy of a corpus's marking when `corpus add` names none.")
    default_level: str = Field("Ongerubriceerd", description="Its level.")


class ChatSettings(_Table):
    """The chat."""

    host: Literal["127.0.0.1", "::1", "localhost"] = Field("127.0.0.1", description="Loopback; put a proxy before it.")
    port: int = Field(8000, ge=1, le=65535, description="Where the chat listens.")
    question_characters: int = Field(4000, ge=100, description="Longest question that is taken.")


class Settings(_Table):
    """All settings."""

    model: ModelSettings = ModelSettings()
    embedder: EmbedderSettings = EmbedderSettings()
    index: IndexSettings = IndexSettings()
    catalog: CatalogSettings = CatalogSettings()
    search: SearchSettings = SearchSettings()
    answer: AnswerSettings = AnswerSettings()
    verifier: VerifierSettings = VerifierSettings()
    access: AccessSettings = AccessSettings()
    chat: ChatSettings = ChatSettings()
    home: Path = Field(default_factory=lambda: _home(), exclude=True)

    @property
    def fingerprint(self) -> str:
        """Name what an answer depends on: equal settings give equal fingerprints, wherever they are installed."""
        told = self.model_dump(mode="json", exclude={"home": True, "chat": True, "catalog": True})
        for table, key in _PATHS:
            told[table][key] = Path(told[table][key] or "").name
        told["answer"]["prompts"] = prompts_sha256(folder=self.answer.prompts)
        # The order of levels is what they mean.
        told["access"]["policies"] = {name: " < ".join(levels) for name, levels in self.access.policies.items()}
        return hashlib.sha256(json.dumps(_sorted(told), sort_keys=True).encode()).hexdigest()[:12]

    @property
    def catalog_url(self) -> str:
        return self.catalog.url or f"sqlite:///{self.home / 'catalog.sqlite'}"

    @property
    def principal(self) -> Principal:
        """The user of this machine, as these settings describe them: there is nobody else to own, judge and run it."""
        access = self.access
        clearance = tuple(sorted(access.clearance.items()))
        roles = access.roles if METADATA_ONLY in access.roles else access.roles | _ROLES
        return Principal(access.name, clearance, access.nationality, access.groups, roles, access.categories)

    @property
    def default_marking(self) -> Marking:
        return Marking(self.access.default_policy, self.access.default_level)


def read_settings(path: Path | None = None) -> Settings:
    """Read the settings from `path`, or from $STAFWIJZER_SETTINGS, ./stafwijzer.toml or the home's stafwijzer.toml.

    The policies in them hold from then on in this process.
    Raises SettingsInvalid, naming the key and the nearest known one."""
    chosen = path or settings_file()
    if chosen is None:
        establish_policies({})
        return Settings()
    try:
        told = tomllib.loads(chosen.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsInvalid(f"{chosen} cannot be read ({error.strerror}).", hint="Check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"{chosen} is not valid TOML: {error}.", hint="Mend that line.") from error
    try:
        settings = Settings.model_validate(_resolve_paths(told, chosen.parent))
    except ValidationError as error:
        raise SettingsInvalid(f"{chosen}: {_explain(error)}", hint="All keys: `stafwijzer settings`.") from error
    _check_levels(settings, chosen)
    _check_searches(settings, chosen)
    _check_prompts(settings, chosen)
    establish_policies(settings.access.policies)
    return settings


def described_settings(settings: Settings) -> Iterator[tuple[str, object, str]]:
    """Yield (key, value, description) of each setting."""
    for table in Settings.model_fields:
        section = getattr(settings, table)
        if isinstance(section, _Table):
            for name, inner in type(section).model_fields.items():
                yield f"{table}.{name}", getattr(section, name), inner.description or ""


def _home() -> Path:
    return Path(os.environ.get("STAFWIJZER_HOME") or platformdirs.user_data_path("stafwijzer")).expanduser().absolute()


def settings_file() -> Path | None:
    if told := os.environ.get("STAFWIJZER_SETTINGS"):
        return Path(told)
    places = (Path("stafwijzer.toml"), _home() / "stafwijzer.toml")
    return next((place for place in places if place.is_file()), None)


def _resolve_paths(told: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Paths in a settings file count from the folder it lies in."""
    for table, key in _PATHS:
        section = told.get(table)
        if isinstance(section, dict) and isinstance(section.get(key), str):
            section[key] = _from(folder, section[key])
    if isinstance(told.get("home"), str):
        told["home"] = _from(folder, told["home"])
    return told


def _from(folder: Path, path: str) -> Path:
    return (folder / Path(path).expanduser()).absolute()


def _explain(error: ValidationError) -> str:
    return " ".join(_sentence(problem["loc"], problem["type"], problem["msg"]) for problem in error.errors())


def _sentence(location: tuple[int | str, ...], kind: str, message: str) -> str:
    key = ".".join(map(str, location))
    if kind != "extra_forbidden":
        return f"{key}: {message[0].lower()}{message[1:]}."
    known = [name for name, _, _ in described_settings(Settings())] + list(Settings.model_fields)
    nearest = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return f"There is no setting '{key}'" + (f"; did you mean '{nearest[0]}'?" if nearest else ".")


def _check_levels(settings: Settings, path: Path) -> None:
    access = settings.access
    try:
        policies = policies_with(access.policies)
    except ValueError as error:
        raise SettingsInvalid(f"{path}: {error}.", hint="Mend access.policies.") from error
    for policy, level in [*access.clearance.items(), (access.default_policy, access.default_level)]:
        if level not in policies.get(policy, ()):
            known = policies.get(policy)
            hint = f"Its levels: {', '.join(known)}." if known else f"Policies: {', '.join(policies)}."
            raise SettingsInvalid(f"{path}: the policy '{policy}' has no level '{level}'.", hint=hint)


def _check_searches(settings: Settings, path: Path) -> None:
    if not (settings.search.bm25_weight or (settings.search.dense_weight and settings.search.foreign_dense_weight)):
        raise SettingsInvalid(
            f"{path}: search.bm25_weight and a dense weight are both 0, so that nothing is searched.",
            hint="Give one of them a weight above 0.",
        )


def _check_prompts(settings: Settings, path: Path) -> None:
    folder = settings.answer.prompts
    if folder is not None and not folder.is_dir():
        raise SettingsInvalid(f"{path}: there is no folder {folder}.", hint="Mend answer.prompts, or leave it out.")
    try:
        prompts_sha256(folder=folder)
    except (ValueError, OSError) as error:
        raise SettingsInvalid(f"{path}: {error}.", hint="Mend that template, or leave it out.") from error


def _sorted(value: Any) -> Any:
    """Sets come out of a dump as lists in no order."""
    if isinstance(value, dict):
        return {key: _sorted(inner) for key, inner in value.items()}
    return sorted(value) if isinstance(value, list) else value
