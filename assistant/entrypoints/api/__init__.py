"""The HTTP API under /api/v1, after the Dutch API Design Rules (NLGov REST API Design Rules 2.0)."""

from assistant.entrypoints.api.application import make_api

__all__ = ["make_api"]
