"""What every operation of the API says of itself in the OpenAPI document: its permission and its problems."""

from typing import Annotated, Any

from fastapi import Path

from assistant.entrypoints.api.problems import MEDIA_TYPE, Problem
from assistant.entrypoints.programs.holders import Permission

_SAYS = {
    400: "The request cannot be read.",
    401: "There is no token, or none that is in force.",
    403: "The token is not for this, or its holder may not.",
    404: "There is no such thing for this holder.",
    406: "The answer cannot be told in a form that is accepted.",
    413: "The request is too large.",
    415: "The request is of another media type.",
    422: "The request is not as described, or cannot be done; `detail` and `faults` say why.",
    429: "This token asked too often; Retry-After says when to come back.",
    500: "A defect.",
    503: "This cannot be done now; Retry-After says when to come back.",
}
_ALWAYS = (400, 401, 403, 413, 422, 429, 500, 503)

Id = Annotated[str, Path(description="A UUID.", json_schema_extra={"format": "uuid"})]
Name = Annotated[str, Path(description="The name of a corpus.", examples=["orders"])]


def described(permission: Permission, *also: int, **responses: dict[str, Any]) -> dict[str, Any]:
    """Return keyword arguments for a route: the permission that it asks for and the problems that it may tell.

    `also`: statuses of problems besides those that any operation may tell. `responses`: more of other ones, as
    `status_200={...}`."""
    told: dict[int | str, dict[str, Any]] = {
        int(name.removeprefix("status_")): response for name, response in responses.items()
    }
    for status in sorted({*_ALWAYS, *also}):
        told[status] = {"description": _SAYS[status], "content": {MEDIA_TYPE: {"schema": _PROBLEM}}}
    return {"responses": told, "openapi_extra": {"x-permission": permission}}


_PROBLEM = {"$ref": f"#/components/schemas/{Problem.__name__}"}
