"""The owners' pages that change nothing: corpora, documents, what waits, health, readers, and a question tried."""

import json
from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from assistant.citing import as_json
from assistant.entrypoints.corpora.changing import NotUnderstood, day_in, readable_levels
from assistant.entrypoints.corpora.desk import Desk, not_here
from assistant.entrypoints.corpora.tabling import SORTS, STATES, Wanted, banner_of, table_of
from assistant.entrypoints.corpora.unanswered import unanswered
from assistant.entrypoints.doors import Identify, page_reader
from assistant.scoping import of_one_policy
from retrieval.access import METADATA_ONLY, UNMARKED, Marking, Principal
from retrieval.lifecycle.health import health as examine
from retrieval.lifecycle.health import nearly_alike
from retrieval.lifecycle.knowing import OWNER, owns
from retrieval.lifecycle.summing import standing

_JOBS = 5
_HITS = 10
_LONGEST_QUESTION = 1_000


def add_looking(router: APIRouter, desk: Desk, identify: Identify) -> None:
    """Add the pages that are looked at."""
    lister, reader = Depends(page_reader(identify, reads_text=False)), Depends(page_reader(identify, reads_text=True))
    catalog = desk.installation.catalog

    def of_corpus(
        template: str, request: Request, who: Principal, name: str, *, owner: bool = True, **shown: Any
    ) -> HTMLResponse:
        corpus = desk.owned(request, who, name) if owner else desk.corpus(request, who, name)
        return desk.page(template, request, who, corpus=corpus, owner=owns(who, name), **shown)

    @router.get("")
    def overview(request: Request, who: Principal = lister) -> HTMLResponse:
        listed = catalog.listed(listing=desk.knowing(who).listing())
        mine = {one.corpus.name for one in listed if owns(who, one.corpus.name)}
        waiting = {name: len(desk.knowing(who).held_back(name)) for name in mine}
        return desk.page(
            "overview",
            request,
            who,
            listed=listed,
            mine=mine,
            waiting=waiting,
            may_create=OWNER in who.roles and METADATA_ONLY not in who.roles,
            levels=readable_levels(who),
        )

    @router.get("/{name}")
    def documents(
        request: Request,
        name: str,
        who: Principal = lister,
        text: str = "",
        state: str = "",
        marking: str = "",
        format: str = "",
        sort: str = "key",
        page: int = 1,
        done: str = "",
        count: int = 0,
    ) -> HTMLResponse:
        desk.corpus(request, who, name)
        rows = desk.rows(who, name)
        wanted = Wanted(text[:200], state, marking, format, sort, page)
        table = table_of(rows, wanted)
        return of_corpus(
            "documents",
            request,
            who,
            name,
            owner=False,
            here="documents",
            marking=banner_of(row.marking for row in table.rows),
            table=table,
            wanted=wanted,
            states=STATES,
            sorts=SORTS,
            sums=standing([row.holding for row in rows if row.state != "held back"], on_date=date.today()),
            held=sum(row.state == "held back" for row in rows),
            done=done,
            count=count,
        )

    @router.get("/{name}/waiting")
    def waiting(request: Request, name: str, who: Principal = reader) -> HTMLResponse:
        desk.owned(request, who, name)
        held = [row for row in desk.rows(who, name) if row.state == "held back"]
        return of_corpus(
            "waiting",
            request,
            who,
            name,
            here="waiting",
            marking=banner_of(row.marking for row in held),
            held=held,
            unmarked=UNMARKED,
            refusals=desk.knowing(who).refusals(name),
        )

    @router.get("/{name}/health")
    def health(request: Request, name: str, who: Principal = reader) -> HTMLResponse:
        desk.owned(request, who, name)
        knowing = desk.knowing(who)
        known, scope = knowing.documents(name), knowing.scope()
        measured = catalog.measured([one.version.id for one in known if one.version])
        groups = knowing.duplicates(name)
        found = examine(
            name,
            known,
            measured,
            same=[[key if of == name else f"{key} ({of})" for of, key in _ours_first(group, name)] for group in groups],
            alike=nearly_alike(known, measured, lambda version: catalog.version_text(version, scope=scope)),
            on_date=date.today(),
        )
        return of_corpus(
            "health",
            request,
            who,
            name,
            here="health",
            marking=banner_of(one.marking for one in known if one.marking),
            health=found,
            jobs=catalog.jobs(name, most=_JOBS) if knowing.knows_all(name) else [],
            sources=catalog.sources(name),
            hidden=not knowing.knows_all(name),
        )

    @router.get("/{name}/flags")
    def flags(request: Request, name: str, who: Principal = reader) -> HTMLResponse:
        desk.owned(request, who, name)
        knowing = desk.knowing(who)
        readable, scope = knowing.scope().markings, knowing.scope([name])
        flagged = []
        for one in catalog.holdings(name):
            if one.flags and one.held and one.marking and one.marking.id in readable and one.version:
                text = catalog.version_text(one.version.id, scope=scope) or ""
                flagged.append((one, [(flag, _around(text, flag.place.start, flag.place.end)) for flag in one.flags]))
        shown = flagged[:100]
        return of_corpus(
            "flags",
            request,
            who,
            name,
            here="flags",
            marking=banner_of(one.marking for one, _ in shown if one.marking),
            flagged=shown,
            more=len(flagged) - len(shown),
        )

    @router.get("/{name}/questions")
    def questions(request: Request, name: str, who: Principal = reader) -> HTMLResponse:
        corpus = desk.owned(request, who, name)
        found = unanswered(desk.installation.journal, desk.knowing(who), name)
        return of_corpus(
            "questions",
            request,
            who,
            name,
            here="questions",
            marking=banner_of([corpus.marking]) if found else None,
            found=found,
        )

    @router.get("/{name}/readers")
    def readers(request: Request, name: str, who: Principal = reader) -> HTMLResponse:
        desk.owned(request, who, name)
        counts: dict[Marking, int] = {}
        for row in desk.rows(who, name):
            counts[row.marking] = counts.get(row.marking, 0) + 1
        return of_corpus("readers", request, who, name, here="readers", counts=counts, unmarked=UNMARKED)

    @router.get("/{name}/try")
    def trial(request: Request, name: str, who: Principal = reader) -> HTMLResponse:
        return of_corpus("trial", request, who, name, owner=False, here="try", question="", day="", hits=None, note="")

    @router.post("/{name}/try")
    async def read_form(request: Request, name: str, who: Principal = reader) -> HTMLResponse:
        form = await request.form()
        told = str(form.get("question", "")), str(form.get("day", ""))
        return await run_in_threadpool(tried, request, name, who, *told)

    def tried(request: Request, name: str, who: Principal, question: str, day: str) -> HTMLResponse:
        desk.corpus(request, who, name)
        if len(question) > _LONGEST_QUESTION or not question.strip():
            raise NotUnderstood("The question is empty or too long.", hint="Ask it in at most 1,000 characters.")
        knowing = desk.knowing(who)
        on_date = day_in(day) or knowing.on_date
        scope = type(knowing)(catalog, who, on_date).scope([name])
        hits = desk.installation.retriever.search(question, scope=scope, limit=_HITS)
        kept, note = of_one_policy(hits, considered=_HITS) if hits else ([], "")
        return of_corpus(
            "trial",
            request,
            who,
            name,
            owner=False,
            here="try",
            question=question,
            day=day,
            hits=kept,
            note=note,
            marking=banner_of(hit.marking for hit in kept),
        )

    @router.get("/{name}/receipts/{number}")
    def receipt(request: Request, name: str, number: int, who: Principal = reader, download: bool = False) -> Response:
        desk.owned(request, who, name)
        # It names what nobody can look up the marking of any more: it is for who deleted it.
        mine = [one for one in catalog.receipts(name) if (one.number, one.by) == (number, who.name)]
        if not mine:
            raise not_here(request)
        if download:
            text = json.dumps(as_json(mine[0]), ensure_ascii=False, indent=2)
            told = {"content-disposition": f'attachment; filename="receipt-{number}.json"'}
            return Response(text, media_type="application/json", headers=told)
        return of_corpus("receipt", request, who, name, here="documents", receipt=mine[0])

    @router.get("/{name}/uploads/{id}")
    def upload(request: Request, name: str, id: str, who: Principal = reader) -> HTMLResponse:
        desk.owned(request, who, name)
        found = desk.uploads.get(name, id, who.name)
        if found is None:
            raise not_here(request)
        known = {row.key for row in desk.rows(who, name)}
        return of_corpus(
            "upload", request, who, name, here="add", upload=found, known=known, before=desk.uploads.position(found)
        )

    @router.get("/{name}/uploads/{id}/progress")
    def progress(request: Request, name: str, id: str, who: Principal = reader) -> Response:
        desk.owned(request, who, name)
        found = desk.uploads.get(name, id, who.name)
        if found is None:
            raise not_here(request)
        before = desk.uploads.position(found)
        told = {"stage": found.stage, "files": found.files, "done": found.done, "before": before}
        return JSONResponse(told)


def _ours_first(group: list[tuple[str, str]], name: str) -> list[tuple[str, str]]:
    return sorted(group, key=lambda one: one[0] != name)


def _around(text: str, start: int | None, end: int | None) -> tuple[str, str, str]:
    """Return what stands before a place, there and after it; nothing where the place is not in the text."""
    if start is None or end is None or not text[start:end]:
        return "", "", ""
    return text[max(0, start - 120) : start], text[start : min(end, start + 400)], text[end : end + 120]
