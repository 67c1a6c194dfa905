"""The pages and addresses of those who run the program: they see figures, names and times, and no text of documents."""

from assistant.entrypoints.operations.routes import OPERATOR, Machine, operations, probes

__all__ = ["OPERATOR", "Machine", "operations", "probes"]
