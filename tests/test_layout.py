"""What may import what, where each library lives, and how modules are named: ARCHITECTURE.md, held to."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("prompts", "retrieval", "assistant", "evals")

# What each package may import of ours.
OURS = {
    "prompts": {"prompts"},
    "retrieval": {"retrieval"},
    "assistant": {"assistant", "retrieval", "prompts"},
    "evals": {"evals", "assistant", "retrieval", "prompts"},
}
# Inside `assistant` a module imports modules of its own rank or below. What is not named here has rank 1.
RANKS = {
    "assistant.answers": 0,
    "assistant.service": 2,
    "assistant.bootstrap": 3,
    "assistant.diagnosis": 4,
    "assistant.modelling": 4,
    "assistant.entrypoints": 5,
}
_STORES = (
    *("assistant/journal.py", "assistant/journal_versions/", "assistant/cited.py"),
    *("assistant/courses/storing.py", "assistant/courses/versions/"),
    *("assistant/identity/storing.py", "assistant/identity/versions/"),
    *("assistant/history/storing.py", "assistant/history/versions/"),
)
# Where a library may be imported: files, or folders with a slash at the end.
HOMES = {
    "qdrant_edge": ("retrieval/index/",),
    "qdrant_client": ("retrieval/index/", "assistant/bootstrap.py"),
    "msgpack": ("retrieval/index/",),
    "sentence_transformers": ("retrieval/embedding.py", "retrieval/crossencoders.py"),
    "torch": ("retrieval/embedding.py",),
    "transformers": ("retrieval/embedding.py",),
    "llama_cpp": ("assistant/llamacpp.py",),
    "langchain_openai": ("assistant/endpoint.py",),
    "chainlit": ("assistant/entrypoints/",),
    "fastapi": ("assistant/entrypoints/",),
    "starlette": ("assistant/entrypoints/",),
    "uvicorn": ("assistant/entrypoints/",),
    "mcp": ("assistant/entrypoints/tools/",),
    "sqlalchemy": ("retrieval/catalog/", *_STORES),
    "alembic": ("retrieval/catalog/", *_STORES),
    "pypdfium2": ("retrieval/loading/", "retrieval/screening/", "retrieval/rendering/drawing.py"),
    "docx": ("retrieval/loading/", "assistant/courses/memo/word.py"),
    "openpyxl": ("retrieval/loading/",),
    "lxml": ("retrieval/loading/", "retrieval/screening/"),
    "pint": ("assistant/courses/measuring.py",),
    "olefile": ("retrieval/loading/",),
    "PIL": ("retrieval/loading/",),
    "pptx": ("retrieval/loading/",),
    "pyarrow": ("retrieval/loading/",),
    "watchfiles": ("retrieval/watching.py",),
    "charset_normalizer": ("retrieval/loading/",),
    "Stemmer": ("retrieval/lexical.py",),
    "py3langid": ("retrieval/languages.py",),
    "tomlkit": ("assistant/modelling.py",),
    "argon2": ("assistant/identity/passwords.py",),
    "python_multipart": ("assistant/entrypoints/corpora/receiving.py",),
    "jinja2": ("evals/report/", "assistant/entrypoints/pages/"),
    "markupsafe": ("evals/report/",),
    "socketio": ("evals/driving/visiting.py",),
    "aiohttp": ("evals/driving/visiting.py",),
    "prometheus_client": ("assistant/entrypoints/metering.py",),
    "platformdirs": ("assistant/settings.py",),
}
# These name the versions of what they are built on; naming them once more would be naming another.
COMES_WITH = {
    "anyio": "mcp",
    "starlette": "fastapi",
    "markupsafe": "jinja2",
    "transformers": "sentence-transformers",
}
SAYS_NOTHING = {"utils", "util", "helpers", "common", "misc", "base", "core", "types", "functions", "stuff"}
HEAVY = {
    "torch",
    "transformers",
    "sentence_transformers",
    "sqlalchemy",
    "alembic",
    "chainlit",
    "llama_cpp",
    "langchain_core",
}


@dataclass(frozen=True)
class Module:
    name: str
    path: str
    """From the root, with slashes."""
    tree: ast.Module
    imports: frozenset[str]
    """Full names of modules and packages, wherever in the file they are imported."""


@cache
def modules() -> tuple[Module, ...]:
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths}
    return tuple(_module(path, name, frozenset(names.values())) for path, name in names.items())


def _module(path: Path, name: str, known: frozenset[str]) -> Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return Module(name, path.relative_to(ROOT).as_posix(), tree, frozenset(_imports(tree, known)))


def _imports(tree: ast.Module, known: frozenset[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in known else node.module


def rank(name: str) -> int:
    return next((number for prefix, number in RANKS.items() if name == prefix or name.startswith(f"{prefix}.")), 1)


def test_there_is_something_to_look_at() -> None:
    assert {module.name.split(".")[0] for module in modules()} == set(PACKAGES)
    assert "assistant.answers" in next(one for one in modules() if one.name == "assistant.service").imports


def test_packages_import_only_packages_below_them() -> None:
    assert [
        f"{module.path} imports {imported}"
        for module in modules()
        for imported in sorted(module.imports)
        if (top := imported.split(".")[0]) in {*PACKAGES, "tests", "examples"}
        and top not in OURS[module.name.split(".")[0]]
    ] == []


def test_inside_assistant_imports_go_down() -> None:
    assert [
        f"{module.path} imports {imported}"
        for module in modules()
        if module.name.startswith("assistant.")
        for imported in sorted(module.imports)
        if imported.startswith("assistant.") and rank(imported) > rank(module.name)
    ] == []


def test_retrieval_catalog_and_index_do_not_know_each_other() -> None:
    assert [
        f"{module.path} imports {imported}"
        for one, other in (("retrieval.catalog", "retrieval.index"), ("retrieval.index", "retrieval.catalog"))
        for module in modules()
        if module.name.startswith(one)
        for imported in sorted(module.imports)
        if imported.startswith(other)
    ] == []


@pytest.mark.parametrize("library", sorted(HOMES))
def test_each_library_is_imported_in_its_home_only(library: str) -> None:
    elsewhere = [
        module.path
        for module in modules()
        if any(imported.split(".")[0] == library for imported in module.imports)
        and not any(
            module.path == home or (home.endswith("/") and module.path.startswith(home)) for home in HOMES[library]
        )
    ]
    assert elsewhere == []


def test_prompts_use_the_standard_library_only() -> None:
    tops = {imported.split(".")[0] for one in modules() if one.name.startswith("prompts") for imported in one.imports}
    assert tops - sys.stdlib_module_names == set()


def test_every_library_that_is_imported_is_declared() -> None:
    declared = {_normal(re.split(r"[\[<>=!~; ]", line)[0]) for line in _project()["dependencies"]}
    providers = packages_distributions()
    missing = {}
    for module in modules():
        for top in {imported.split(".")[0] for imported in module.imports} - {*sys.stdlib_module_names, *PACKAGES}:
            distributions = {_normal(name) for name in [*providers.get(top, []), COMES_WITH.get(top, "")] if name}
            if not distributions & declared:
                missing[top] = module.path
    assert missing == {}


def test_modules_are_named_for_what_they_know_or_do() -> None:
    folders = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_dir()]
    names = [*(module.path for module in modules()), *(path.relative_to(ROOT).as_posix() for path in folders)]
    assert [name for name in names if Path(name).stem in SAYS_NOTHING] == []


def test_every_module_says_what_it_is() -> None:
    # The module that says what a package is may be the one beside it.
    silent = [module.path for module in modules() if not ast.get_docstring(module.tree)]
    assert [path for path in silent if (ROOT / path).read_text().strip()] == []


def test_importing_a_package_imports_nothing_heavy() -> None:
    assert _loaded_by(*PACKAGES) & {*HEAVY, "numpy", "pydantic"} == set()


def test_the_command_line_starts_without_what_most_commands_do_not_need() -> None:
    assert _loaded_by("assistant.entrypoints.cli") & {*HEAVY, "qdrant_edge", "qdrant_client", "fastapi"} == set()


def test_the_process_that_owns_the_index_does_without_a_database_or_a_model() -> None:
    assert _loaded_by("retrieval.index.owner") & HEAVY == set()


def test_settings_and_answers_are_read_without_a_model_or_a_database() -> None:
    assert _loaded_by("assistant.settings", "assistant.answers", "assistant.citing") & HEAVY == set()


def _loaded_by(*names: str) -> set[str]:
    code = f"import json, sys; import {', '.join(names)}; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in json.loads(run.stdout)}


def _project() -> dict[str, list[str]]:
    project: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
