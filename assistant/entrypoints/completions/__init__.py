"""An OpenAI-compatible interface under /v1, so that any client that knows that one can sit in front."""

from assistant.entrypoints.completions.application import make_completions

__all__ = ["make_completions"]
