"""Everybody's own account: what they may, their password, their sessions and their tokens.

Nothing here is about anybody else: whose it is, is whose the request is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from assistant.entrypoints.accounts.receiving import form_of, secret_of, text_of, texts_of
from assistant.entrypoints.accounts.wording import WORDS, told
from assistant.entrypoints.doors import Door
from assistant.entrypoints.pages import Frame
from assistant.entrypoints.pages.rendering import language_of
from assistant.entrypoints.visitors import CHANGE_PAGE, Visitor, visitor_of
from assistant.identity import PERMISSIONS, Accounts, Tokens
from assistant.identity.accounts import OPERATOR, AccountUnknown, reads
from assistant.identity.signing import is_same_session
from assistant.identity.storing import moment
from assistant.identity.tokens import MACHINE
from retrieval.errors import StafwijzerError

_DAYS = 90


def _anybody(request: Request) -> Visitor:
    """Return who is signed in, also who has to change their password first."""
    visitor = visitor_of(request)
    if visitor is None:
        raise HTTPException(303, headers={"location": "/login"})
    return visitor


def _visitor(request: Request) -> Visitor:
    visitor = _anybody(request)
    if visitor.must_change:
        raise HTTPException(303, headers={"location": CHANGE_PAGE})
    return visitor


_SIGNED_IN, _SENT = Depends(_visitor), Depends(form_of)


def own_door(frame: Frame, accounts: Callable[[], Accounts], tokens: Callable[[], Tokens]) -> Door:
    """Return the door to the pages under /account."""
    router = APIRouter()
    _add_account(router, frame, accounts, tokens)
    _add_password(router, frame, accounts)
    return Door(router)


def _add_account(
    router: APIRouter, frame: Frame, accounts: Callable[[], Accounts], tokens: Callable[[], Tokens]
) -> None:
    def shown(request: Request, visitor: Visitor, *, status: int = 200, **more: Any) -> Response:
        account, own = visitor.account, _token_holder(visitor)
        sessions = accounts().sessions(account.id) if account else []
        return frame.page(
            "accounts/account.html",
            request,
            reader=visitor.principal,
            words=WORDS,
            status=status,
            account=account,
            reads_nothing=account is not None
            and OPERATOR in visitor.principal.roles
            and not reads(account.attributes.roles),
            sessions=[(one, is_same_session(visitor.session, one.id)) for one in sessions],
            tokens=[(token, _state(token.revoked, token.expires)) for token in tokens().list(own)],
            permissions=PERMISSIONS,
            days=_DAYS,
            **{"problem": "", "done": "", "secret": "", **more},
        )

    @router.get("/account")
    def account(request: Request, done: str = "", visitor: Visitor = _SIGNED_IN) -> Response:
        return shown(request, visitor, done=done if done in ("changed", "done revoked", "done ended") else "")

    @router.post("/account/tokens")
    def issue(request: Request, visitor: Visitor = _SIGNED_IN, form: FormData = _SENT) -> Response:
        days = text_of(form, "days")
        # What is no number of days is refused like a number that is too small.
        expires = datetime.now(UTC) + timedelta(days=min(int(days), 9999) if days.isdecimal() and len(days) < 9 else 0)
        try:
            token, secret = tokens().issue(
                _token_holder(visitor), text_of(form, "name"), texts_of(form, "permission"), expires
            )
        except StafwijzerError as error:
            return shown(request, visitor, status=422, problem=told(error, language_of(request)))
        title, hint = "token shown", "shown once"
        return frame.page(
            "accounts/shown_once.html",
            request,
            reader=visitor.principal,
            words=WORDS,
            title=title,
            name=token.name,
            label="token",
            secret=secret,
            hint=hint,
            back="/account",
        )

    @router.post("/account/tokens/{id}/revoke")
    def revoke(id: str, visitor: Visitor = _SIGNED_IN) -> Response:
        try:
            tokens().revoke(id, account=_token_holder(visitor))
        except StafwijzerError as error:
            raise HTTPException(404, "There is no such token.") from error
        return RedirectResponse("/account?done=done+revoked#tokens", 303)

    @router.post("/account/sessions/{id}/end")
    def end(id: str, visitor: Visitor = _SIGNED_IN) -> Response:
        if visitor.account:
            accounts().end_session(visitor.account, id)
        return RedirectResponse("/account?done=done+ended", 303)

    @router.post("/account/sign-out")
    def sign_out(request: Request) -> Response:
        # The guards before this have ended the session.
        response = RedirectResponse("/login", 303)
        for name in request.cookies:
            response.delete_cookie(name, httponly=True, samesite="strict")
        return response


def _add_password(router: APIRouter, frame: Frame, accounts: Callable[[], Accounts]) -> None:
    # Who has to change it first has nowhere else to go.
    nowhere = Frame(())

    def shown(request: Request, visitor: Visitor, *, problem: str = "") -> Response:
        return (nowhere if visitor.must_change else frame).page(
            "accounts/password.html",
            request,
            reader=visitor.principal,
            words=WORDS,
            status=422 if problem else 200,
            problem=problem,
            forced=visitor.must_change,
            place=CHANGE_PAGE,
        )

    @router.get(CHANGE_PAGE)
    def form_page(request: Request) -> Response:
        visitor = _anybody(request)
        return shown(request, visitor) if visitor.account else RedirectResponse("/account", 303)

    @router.post(CHANGE_PAGE)
    def change(request: Request, form: FormData = _SENT) -> Response:
        visitor, language = _anybody(request), language_of(request)
        if visitor.account is None:
            return RedirectResponse("/account", 303)
        after = secret_of(form, "new")
        if after != secret_of(form, "again"):
            return shown(request, visitor, problem=WORDS[language]["differ"])
        try:
            accounts().change_password(visitor.account, secret_of(form, "present"), after, session=visitor.session)
        except AccountUnknown:
            return RedirectResponse("/login", 303)
        except StafwijzerError as error:
            return shown(request, visitor, problem=told(error, language))
        return RedirectResponse("/account?done=changed", 303)


def _token_holder(visitor: Visitor) -> str:
    return visitor.account.id if visitor.account else MACHINE


def _state(revoked: str, expires: str) -> str:
    if revoked:
        return "revoked"
    return "expired" if expires <= moment(datetime.now(UTC)) else "in force"
