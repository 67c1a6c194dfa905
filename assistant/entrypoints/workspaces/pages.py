"""The two documents that a browser is sent: the list of workspaces, and one workspace. Their scripts do the rest.

They hold nothing of any workspace, so there is nothing in them to escape or to keep from anyone."""

import json

from assistant.courses.naming import every_name
from retrieval.languages import Language

_WORDS: dict[Language, dict[str, str]] = {
    "nl": {
        "title": "Handelwijzen",
        "skip": "Naar de inhoud",
        "chat": "Naar de vragen",
        "list": "Handelwijzen",
        "loading": "Wordt geladen …",
        "script": "Deze pagina heeft JavaScript nodig.",
    },
    "en": {
        "title": "Courses of action",
        "skip": "To the content",
        "chat": "To the questions",
        "list": "Courses of action",
        "loading": "Loading …",
        "script": "This page needs JavaScript.",
    },
}

# Data, which no policy takes for a script. In both languages: which one a workspace has, its page learns later.
_NAMES = json.dumps(every_name(), ensure_ascii=False).replace("<", "\\u003c")


def list_page(accepted: str) -> str:
    """Return the page with all workspaces. `accepted`: the request's Accept-Language."""
    return _page(language_of(accepted), script="courses-list.js")


def workspace_page(accepted: str) -> str:
    """Return the page of one workspace, which it reads from its own address."""
    return _page(language_of(accepted), script="courses.js")


def language_of(accepted: str) -> Language:
    """Return the language of a page or a refusal. `accepted`: the request's Accept-Language."""
    return "nl" if accepted.strip().lower().startswith("nl") else "en"


def _page(language: Language, *, script: str) -> str:
    words = _WORDS[language]
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{words["title"]} · Stafwijzer</title>
<link rel="icon" href="/static/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/courses.css">
<script type="application/json" id="names">{_NAMES}</script>
<script type="module" src="/static/{script}"></script>
</head>
<body>
<a class="skip" href="#main">{words["skip"]}</a>
<header class="top">
<a class="brand" href="/coa"><span aria-hidden="true" class="mark"></span>Stafwijzer <span>{words["list"]}</span></a>
<nav aria-label="Stafwijzer"><a href="/">{words["chat"]}</a></nav>
</header>
<main id="main" tabindex="-1"><p class="quiet" role="status">{words["loading"]}</p></main>
<noscript><p class="notice">{words["script"]}</p></noscript>
</body>
</html>
"""
