"""The evaluators' pages: sets, runs with live progress, reports, comparisons, and judging answers unseen."""

from assistant.entrypoints.evaluating.routes import evaluations

__all__ = ["evaluations"]
