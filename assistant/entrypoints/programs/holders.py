"""Whose a personal token is, and what it may be used for. Knows nothing of how tokens are made, kept or revoked."""

from datetime import datetime
from typing import Literal, Protocol

from retrieval.access import Principal

Permission = Literal["ask", "search", "documents", "corpora", "corpora:write", "feedback"]


class Holder(Protocol):
    """Who holds a token, with what the token is for. What its principal may read, it may read at most."""

    @property
    def principal(self) -> Principal: ...

    @property
    def permissions(self) -> frozenset[str]: ...

    @property
    def token_id(self) -> str: ...


class Holders(Protocol):
    """The tokens that were given out."""

    def holder(self, secret: str, *, at: datetime) -> Holder | None:
        """Return who holds a token; None when there is none with this secret, or it is expired or revoked."""
        ...
