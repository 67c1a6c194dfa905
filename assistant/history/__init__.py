"""Conversations that were held: kept for who asked, and shown again as far as that reader may read them today."""

from assistant.history.conversation import Conversation, Exchange, Outcome
from assistant.history.rereading import Readable, Reread, reread_from
from assistant.history.service import History, Opened, Page
from assistant.history.storing import ConversationStore, ConversationUnknown

__all__ = [
    "Conversation",
    "ConversationStore",
    "ConversationUnknown",
    "Exchange",
    "History",
    "Opened",
    "Outcome",
    "Page",
    "Readable",
    "Reread",
    "reread_from",
]
