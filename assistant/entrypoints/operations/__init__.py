"""The pages and addresses of those who run the program: they see figures, names and times, and no text of documents."""

from assistant.entrypoints.operations.routes import Machine, operations, probes

__all__ = ["Machine", "operations", "probes"]
