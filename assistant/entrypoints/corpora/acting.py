"""What owners send from their pages: a corpus to make, documents to change, one to take the place of another.

Each change is shown in full on a page of its own before it is done."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from assistant.entrypoints.corpora import changing
from assistant.entrypoints.corpora.changing import ACTIONS, Change, NotUnderstood, day_in, marking_in, readable_levels
from assistant.entrypoints.corpora.desk import Desk, NotYours, not_here
from assistant.entrypoints.corpora.making import make_corpus
from assistant.entrypoints.corpora.tabling import Row, banner_of
from assistant.entrypoints.corpora.wording import WORDS
from assistant.entrypoints.doors import Identify, page_reader
from assistant.entrypoints.pages import language_of
from retrieval.access import METADATA_ONLY, Principal
from retrieval.lifecycle.knowing import OWNER

_SUCCESSORS = 20
Form = dict[str, list[str]]


def add_acting(router: APIRouter, desk: Desk, identify: Identify) -> None:
    """Add what is sent."""
    reader = Depends(page_reader(identify, reads_text=True))

    async def with_form(work: Callable[[Form], Response], request: Request) -> Response:
        form = await request.form()
        told: Form = {}
        for key, value in form.multi_items():
            if isinstance(value, str):
                told.setdefault(key, []).append(value)
        return await run_in_threadpool(work, told)

    @router.post("")
    async def create(request: Request, who: Principal = reader) -> Response:
        def work(form: Form) -> Response:
            if OWNER not in who.roles or METADATA_ONLY in who.roles:
                say = WORDS[language_of(request)]
                raise NotYours(say["may not create"], hint=say["may not create hint"])
            made = make_corpus(desk.installation, _flat(form), by=who)
            return _to(f"/corpora/{quote(made.name)}", done="created")

        return await with_form(work, request)

    @router.post("/{name}/change")
    async def change(request: Request, name: str, who: Principal = reader) -> Response:
        def work(form: Form) -> Response:
            desk.owned(request, who, name)
            action = _flat(form).get("action", "")
            ticked = dict(one.partition(".")[::2] for one in form.get("document", []))
            if not ticked:
                say = WORDS[language_of(request)]
                raise NotUnderstood(say["none ticked"], hint=say["none ticked hint"])
            by_id = {row.id: row for row in desk.rows(who, name)}
            if not ticked.keys() <= by_id.keys():
                raise not_here(request)
            rows = [by_id[id] for id in ticked]
            if action == "supersede":
                if len(rows) != 1:
                    say = WORDS[language_of(request)]
                    raise NotUnderstood(say["one old"], hint=say["one old hint"])
                return _to(f"/corpora/{quote(name)}/supersede", document=rows[0].id)
            return done(request, name, who, _flat(form), action, rows, ticked)

        return await with_form(work, request)

    def done(
        request: Request, name: str, who: Principal, form: dict[str, str], action: str, rows: list[Row], seals: Any
    ) -> Response:
        if action not in ACTIONS:
            raise NotUnderstood("It is not clear what to do.", hint="Go back to the list, and choose again.")
        if form.get("sure") != "yes":
            return asked(request, name, who, action, rows, seals)
        told = Change(action, reason=form.get("reason", "").strip()[:500])
        if action == "mark":
            told = replace(told, marking=marking_in(form))
        if action == "validity":
            told = replace(told, valid_from=_day(form, "from"), valid_until=_day(form, "until"))
        receipt = changing.carry_out(desk.installation, name, told, rows, seals, by=who)
        if receipt:
            return RedirectResponse(f"/corpora/{quote(name)}/receipts/{receipt.number}", 303)
        return _to(f"/corpora/{quote(name)}", done=action, count=str(len(rows)))

    def asked(
        request: Request, name: str, who: Principal, action: str, rows: list[Row], seals: dict[str, str]
    ) -> HTMLResponse:
        versions = (
            {row.id: len(desk.installation.catalog.history(row.id)) for row in rows} if action == "delete" else {}
        )
        return desk.page(
            "confirm",
            request,
            who,
            corpus=desk.owned(request, who, name),
            owner=True,
            here="documents",
            action=action,
            rows=rows,
            seals=seals,
            levels=readable_levels(who),
            versions=versions,
            marking=banner_of(row.marking for row in rows),
        )

    @router.get("/{name}/supersede")
    def choose(request: Request, name: str, document: str, q: str = "", who: Principal = reader) -> HTMLResponse:
        corpus = desk.owned(request, who, name)
        old = desk.row(request, who, name, document)
        words = q.casefold().split()
        fitting = [
            row
            for row in desk.rows(who, name)
            if row.id != old.id
            and row.holding.live
            and all(one in f"{row.key} {row.title}".casefold() for one in words)
        ]
        shown = fitting[:_SUCCESSORS]
        return desk.page(
            "supersede",
            request,
            who,
            corpus=corpus,
            owner=True,
            here="documents",
            old=old,
            q=q,
            found=shown,
            more=len(fitting) - len(shown),
            marking=banner_of(row.marking for row in (old, *shown)),
        )

    @router.post("/{name}/supersede")
    async def supersede(request: Request, name: str, who: Principal = reader) -> Response:
        def work(form: Form) -> Response:
            desk.owned(request, who, name)
            told = _flat(form)
            old = desk.row(request, who, name, told.get("document", ""))
            new = desk.row(request, who, name, told.get("successor", ""))
            changing.supersede(desk.installation, name, old, new, day_in(told.get("on", "")), by=who)
            return _to(f"/corpora/{quote(name)}", done="supersede", count="1")

        return await with_form(work, request)


def _flat(form: Form) -> dict[str, str]:
    return {key: values[-1] for key, values in form.items()}


def _to(path: str, **told: str) -> RedirectResponse:
    return RedirectResponse(f"{path}?{urlencode(told)}", 303)


def _day(form: dict[str, str], which: str) -> Any:
    how = form.get(f"{which}_how", "keep")
    if how == "open":
        return "open"
    if how != "day":
        return ""
    day = day_in(form.get(which, ""))
    if day is None:
        raise NotUnderstood("The day is missing.", hint="Choose a day, or leave the days as they are.")
    return day
