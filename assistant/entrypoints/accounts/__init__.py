"""The pages and commands about accounts: one's own, and for operators everybody's."""

from assistant.entrypoints.accounts.own import own_door
from assistant.entrypoints.accounts.users import users_door

__all__ = ["own_door", "users_door"]
