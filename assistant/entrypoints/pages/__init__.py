"""What all server-rendered pages have in common: their frame, their words, and how they are rendered."""

from assistant.entrypoints.pages.rendering import Frame, Place, Words, language_of

__all__ = ["Frame", "Place", "Words", "language_of"]
