"""The owners' pages under /corpora: what is in a corpus, what waits for its owner, and what owners do to it."""

from assistant.entrypoints.corpora.doors import corpora_doors

__all__ = ["corpora_doors"]
