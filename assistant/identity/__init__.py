"""Who may sign in, with what attributes, in which sessions, and with which tokens for programs."""

from assistant.identity.accounts import Account, Attributes, State
from assistant.identity.operating import Operations
from assistant.identity.signing import Accounts, Session, SignedIn
from assistant.identity.tokens import PERMISSIONS, Holder, Token, Tokens

__all__ = [
    "PERMISSIONS",
    "Account",
    "Accounts",
    "Attributes",
    "Holder",
    "Operations",
    "Session",
    "SignedIn",
    "State",
    "Token",
    "Tokens",
]
