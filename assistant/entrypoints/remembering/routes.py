"""The routes of the list beside the chat: conversations of whoever is signed in, searched, renamed and deleted.

They stand where Chainlit's own would be, and take an id from the browser only together with the name of the asker."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field

from assistant.entrypoints.doors import Door, Identify, interface_reader
from assistant.entrypoints.remembering.layer import as_thread
from assistant.entrypoints.remembering.underway import Questions
from assistant.history import ConversationUnknown, History
from retrieval.access import Principal

_Id = Annotated[str, Field(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class _Pagination(BaseModel):
    first: int = Field(20, ge=1, le=50)
    cursor: _Id | None = None


class _Filter(BaseModel):
    search: str | None = Field(None, max_length=200)


class _Listing(BaseModel):
    pagination: _Pagination = _Pagination()
    filter: _Filter = _Filter()


class _Named(BaseModel):
    threadId: _Id  # noqa: N815 (as Chainlit's pages call it)


class _Renamed(_Named):
    name: str = Field(min_length=1, max_length=1000)


def conversations_door(identify: Identify, history: Callable[[], History], questions: Questions) -> Door:
    """Return the door to the list of conversations."""
    router = APIRouter()
    reader = Annotated[Principal, Depends(interface_reader(identify))]

    @router.post("/project/threads")
    async def listed(asked: _Listing, principal: reader) -> dict[str, Any]:
        page = await asyncio.to_thread(
            lambda: history().list(
                principal=principal,
                on_date=date.today(),
                limit=asked.pagination.first,
                after=asked.pagination.cursor or "",
                search=asked.filter.search or "",
            )
        )
        ids = [one.id for one in page.conversations]
        ends = {"startCursor": ids[0] if ids else None, "endCursor": ids[-1] if ids else None}
        return {"pageInfo": {"hasNextPage": page.more, **ends}, "data": list(map(as_thread, page.conversations))}

    @router.put("/project/thread")
    async def renamed(asked: _Renamed, principal: reader) -> dict[str, bool]:
        # What is below the title in the list is its marking, which nobody writes.
        title = asked.name.partition("\n")[0]
        return await _done(lambda: history().store.rename(asked.threadId, title, owner=principal.name))

    @router.delete("/project/thread")
    async def deleted(asked: _Named, principal: reader) -> dict[str, bool]:
        await questions.end(principal.name, asked.threadId)
        return await _done(lambda: history().store.delete(asked.threadId, owner=principal.name))

    return Door(router)


async def _done(change: Callable[[], None]) -> dict[str, bool]:
    try:
        await asyncio.to_thread(change)
    except ConversationUnknown as unknown:
        raise HTTPException(404, "There is no such conversation.") from unknown
    return {"success": True}
