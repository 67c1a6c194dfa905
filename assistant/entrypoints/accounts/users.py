"""The pages on which operators make, change and lock accounts. For nobody else: who is no operator is refused.

A first password is shown once, to the operator who hands it over."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from assistant.entrypoints.accounts.receiving import attributes_of, form_of, joined, text_of
from assistant.entrypoints.accounts.wording import WORDS, told
from assistant.entrypoints.doors import Door, Identify, page_reader
from assistant.entrypoints.pages import Frame, telling
from assistant.entrypoints.pages.rendering import language_of
from assistant.entrypoints.visitors import visitor_of
from assistant.identity import Account, Accounts, Attributes, Operations
from assistant.identity.accounts import OPERATOR, ROLES, AccountInvalid, AccountUnknown, NotAllowed
from retrieval.access import POLICIES, Principal
from retrieval.errors import StafwijzerError

PLACE = "/admin/users"
_MOST = 25
_OWNER_OF = "owner:"
_DONE = ("done changed", "done locked", "done unlocked", "done ended", "done removed")


class FirstIsOperator(AccountInvalid):
    """The first account would leave the pages without anybody who manages accounts."""


def users_door(frame: Frame, accounts: Callable[[], Accounts], identify: Identify) -> Door:
    """Return the door to the pages under /admin/users."""
    router = APIRouter(prefix=PLACE, route_class=telling(frame))
    desk = _Desk(frame, accounts)
    here = Depends(page_reader(identify, reads_text=False))
    _add_pages(router, desk, here)
    _add_actions(router, desk, here)
    return Door(router)


class _Desk:
    """What the pages of operators have in common."""

    def __init__(self, frame: Frame, accounts: Callable[[], Accounts]) -> None:
        self.frame, self._accounts = frame, accounts

    def operator(self, request: Request, reader: Principal) -> Operations:
        """Return what may be done by who asks. Raises HTTPException for who is no operator."""
        visitor = visitor_of(request)
        own = visitor.account.id if visitor and visitor.account else ""
        try:
            return self._accounts().operated_by(reader, account=own)
        except NotAllowed as error:
            raise HTTPException(403, "Accounts are for operators.") from error

    def account(self, operator: Operations, name: str) -> Account:
        try:
            return operator.named(name)
        except AccountUnknown as error:
            raise HTTPException(404, "There is no account of this name.") from error

    def every(self, request: Request, reader: Principal, *, status: int = 200, **more: Any) -> Response:
        """Return the page with all accounts, filtered and paged as the request says, and a form for another."""
        operator, asked = self.operator(request, reader), request.query_params
        matching = "".join(one for one in asked.get("name", "") if one.isprintable())[:64]
        told_page = asked.get("page", "1")
        page = max(1, int(told_page)) if told_page.isdecimal() and len(told_page) < 7 else 1
        found, count = operator.list(matching=matching, first=(page - 1) * _MOST, most=_MOST)
        shown: dict[str, Any] = {
            "accounts": [(one, operator.waiting(one)) for one in found],
            "count": count,
            "page": page,
            "pages": max(1, -(-count // _MOST)),
            "matching": matching,
            "any_": bool(count) or self._accounts().any(),
            **_form(Attributes()),
            "name": "",
            "problem": "",
            "done": "",
            **more,
        }
        return self.frame.page("accounts/users.html", request, reader=reader, words=WORDS, status=status, **shown)

    def one(self, request: Request, reader: Principal, name: str, *, status: int = 200, **more: Any) -> Response:
        """Return the page of one account."""
        operator = self.operator(request, reader)
        account, visitor = self.account(operator, name), visitor_of(request)
        own = bool(visitor and visitor.account and visitor.account.id == account.id)
        shown: dict[str, Any] = {
            "account": account,
            "waits": operator.waiting(account),
            "sessions": operator.sessions(account),
            "own": own,
            **_form(account.attributes),
            "problem": "",
            "done": "",
            **more,
        }
        return self.frame.page("accounts/user.html", request, reader=reader, words=WORDS, status=status, **shown)

    def password(self, request: Request, reader: Principal, name: str, password: str) -> Response:
        """Show a first password, this once."""
        told: dict[str, Any] = {
            "title": "first password",
            "name": name,
            "label": "password",
            "hint": "first password hint",
        }
        page = "accounts/shown_once.html"
        return self.frame.page(
            page, request, reader=reader, words=WORDS, secret=password, back=f"{PLACE}/{quote(name)}", **told
        )

    def check_first(self, attributes: Attributes) -> None:
        """Raise FirstIsOperator when nobody could manage accounts after this one is made."""
        if OPERATOR not in attributes.roles and not self._accounts().any():
            raise FirstIsOperator("The first account must be an operator's.", hint="Give it the role operator.")


def _add_pages(router: APIRouter, desk: _Desk, here: Any) -> None:
    @router.get("")
    def every(request: Request, done: str = "", reader: Principal = here) -> Response:
        return desk.every(request, reader, done=done if done in _DONE else "")

    @router.get("/{name}")
    def one(name: str, request: Request, done: str = "", reader: Principal = here) -> Response:
        return desk.one(request, reader, name, done=done if done in _DONE else "")


def _add_actions(router: APIRouter, desk: _Desk, here: Any) -> None:
    sent = Depends(form_of)

    @router.post("")
    def add(request: Request, form: FormData = sent, reader: Principal = here) -> Response:
        operator, name, attributes = desk.operator(request, reader), text_of(form, "name"), attributes_of(form)
        try:
            desk.check_first(attributes)
            account, password = operator.add(name, attributes)
        except StafwijzerError as error:
            problem = told(error, language_of(request))
            return desk.every(request, reader, status=422, problem=problem, **_form(attributes), name=name)
        return desk.password(request, reader, account.name, password)

    @router.post("/{name}/change")
    def change(name: str, request: Request, form: FormData = sent, reader: Principal = here) -> Response:
        operator, attributes = desk.operator(request, reader), attributes_of(form)
        account = _as_seen(desk.account(operator, name), form)
        try:
            operator.change(account, attributes)
        except StafwijzerError as error:
            problem = told(error, language_of(request))
            return desk.one(request, reader, name, status=422, problem=problem, **_form(attributes))
        return _there(name, "done changed")

    @router.post("/{name}/password")
    def renew(name: str, request: Request, reader: Principal = here) -> Response:
        operator = desk.operator(request, reader)
        account = desk.account(operator, name)
        try:
            password = operator.renew_password(account)
        except StafwijzerError as error:
            return desk.one(request, reader, name, status=422, problem=told(error, language_of(request)))
        return desk.password(request, reader, account.name, password)

    @router.post("/{name}/{action}")
    def act(name: str, action: str, request: Request, reader: Principal = here) -> Response:
        operator = desk.operator(request, reader)
        account = desk.account(operator, name)
        actions: Mapping[str, tuple[Callable[[Account], object], str]] = {
            "lock": (operator.lock, "done locked"),
            "unlock": (operator.unlock, "done unlocked"),
            "end-sessions": (operator.end_sessions, "done ended"),
            "remove": (operator.remove, "done removed"),
        }
        if action not in actions:
            raise HTTPException(404, "There is nothing here.")
        do, done = actions[action]
        try:
            do(account)
        except StafwijzerError as error:
            return desk.one(request, reader, name, status=422, problem=told(error, language_of(request)))
        return _there("" if action == "remove" else name, done)


def _there(name: str, done: str) -> Response:
    place = f"{PLACE}/{quote(name)}" if name else PLACE
    return RedirectResponse(f"{place}?done={quote(done)}", 303)


def _as_seen(account: Account, form: FormData) -> Account:
    """Return an account with the revision that the operator had before them."""
    revision = text_of(form, "revision")
    return replace(account, revision=int(revision) if revision.isdecimal() and len(revision) < 9 else 0)


def _form(attributes: Attributes) -> dict[str, Any]:
    """Return what the form of attributes is filled with."""
    return {
        "policies": POLICIES,
        "levels": dict(attributes.clearance),
        "nationality": attributes.nationality,
        "groups": joined(attributes.groups),
        "categories": joined(attributes.categories),
        "every_role": ROLES,
        "roles": attributes.roles,
        "owner_of": joined(role.removeprefix(_OWNER_OF) for role in attributes.roles if role.startswith(_OWNER_OF)),
    }
