"""The parts of the program that each page leads to."""

from fastapi import APIRouter, Depends, Request

from assistant.entrypoints.doors import Door, Identify, interface_reader
from assistant.entrypoints.pages.rendering import Frame, Place
from retrieval.access import Principal

PLACES = (
    Place("/", {"nl": "Vragen", "en": "Questions"}),
    Place("/coa", {"nl": "Handelwijzen", "en": "Courses of action"}),
    Place("/corpora", {"nl": "Corpora", "en": "Corpora"}),
    Place("/evaluations", {"nl": "Evaluaties", "en": "Evaluations"}, role="evaluator"),
    Place("/admin", {"nl": "Beheer", "en": "Administration"}, role="operator"),
)


def places_door(frame: Frame, identify: Identify) -> Door:
    """Return the door at which the chat, whose page is not rendered here, asks where else its reader may go."""
    router, asking = APIRouter(), Depends(interface_reader(identify, reads_text=False))

    @router.get("/places")
    def places(request: Request, reader: Principal = asking) -> list[tuple[str, str]]:
        return frame.places(request, reader)

    return Door(router)
