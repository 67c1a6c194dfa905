"""What all server-rendered pages have in common: their frame, their words, and how they are rendered."""

from assistant.entrypoints.pages.places import PLACES, places_door
from assistant.entrypoints.pages.rendering import Frame, Place, Words, language_of
from assistant.entrypoints.pages.routing import telling

__all__ = ["PLACES", "Frame", "Place", "Words", "language_of", "places_door", "telling"]
