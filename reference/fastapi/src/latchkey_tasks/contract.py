"""
The contract of the core, as FastAPI and Pydantic say it: signatures that are described at `/api/openapi.json` and never
called (docs/decisions/0011). A test compares the description with the TypeScript API's.
"""

import json
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, FastAPI, Header, Path, Query, Security
from fastapi.openapi.utils import get_openapi
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from latchkey_fastapi.problem import PROBLEM_TYPE, PROBLEMS

from .uuid7 import UUID_V7

_ETAG: Final = {"ETag": {"schema": {"type": "string"}, "description": "The task's revision."}}
_LOCATION: Final = {"Location": {"schema": {"type": "string"}}}
_LINK: Final = {"Link": {"schema": {"type": "string"}, "description": 'rel="next": the next page, if any.'}}

_TIME: Final = {"format": "date-time", "example": "2026-11-21T09:30:00.000Z"}
Title = Annotated[str, Field(min_length=1, max_length=200)]
Description = Annotated[str, Field(max_length=10_000)]
Time = Annotated[str, Field(json_schema_extra=dict(_TIME))]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Task(_Strict):
    id: Annotated[str, Field(description="A UUIDv7.", json_schema_extra={"format": "uuid"})]
    user_id: str
    title: Title
    description: str | None
    completed: bool
    created_at: Time
    updated_at: Time
    revision: Annotated[int, Field(description="Rises with every change; the ETag is this in quotes.")]


class NewTask(_Strict):
    title: Title
    description: Description | None = None
    completed: bool = False


class TaskChange(_Strict):
    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    title: Title = ""
    description: Description | None = None
    completed: bool = False


class Fault(_Strict):
    field: str
    message: str


class Problem(_Strict):
    type: Annotated[str, Field(json_schema_extra={"example": "urn:latchkey:problem:invalid-request"})]
    title: str
    status: int
    code: Literal[tuple(PROBLEMS)]  # type: ignore[valid-type]
    errors: Annotated[
        list[Fault],
        Field(description="Each wrong field: a JSON pointer into the body, or a parameter or header."),
    ] = []
    id: Annotated[str, Field(description="On a 500: the request id.")] = ""


UserId = Annotated[str, Path(description="The token's subject.")]
TaskId = Annotated[str, Path(pattern=f"^{UUID_V7.pattern}$", json_schema_extra={"format": "uuid"})]
IfMatch = Annotated[str, Header(alias="If-Match", description="The ETag the task must still have.")]

_BEARER: Final = HTTPBearer(
    scheme_name="accessToken",
    bearerFormat="at+jwt",
    description="An access token of the issuer (RFC 6750, RFC 9068).",
)
_PROTECTED: Final = ("invalid_token", "not_found", "method_not_allowed", "internal_error", "unavailable")
_BODY: Final = ("invalid_request", "content_too_large", "unsupported_media_type")


def _problems(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The problems a route can answer with, those of every protected route included."""
    statuses = sorted({PROBLEMS[code][0] for code in (*codes, *_PROTECTED)})
    return {status: _problem_response(status) for status in statuses}


def _problem_response(status: int) -> dict[str, Any]:
    titles = [title for other, title in PROBLEMS.values() if other == status]
    schema = {"$ref": "#/components/schemas/Problem"}
    media_type = PROBLEM_TYPE.partition(";")[0]
    return {"description": " ".join(titles), "content": {media_type: {"schema": schema}}}


def _task(description: str, headers: dict[str, Any] = _ETAG) -> dict[str, Any]:
    return {"description": description, "headers": headers, "model": Task}


router = APIRouter(tags=["Tasks"], dependencies=[Security(_BEARER)])
_TASKS: Final = "/api/{user_id}/tasks"
_TASK: Final = _TASKS + "/{id}"


@router.get(
    _TASKS,
    operation_id="listTasks",
    summary="List tasks, newest first",
    response_model=list[Task],
    responses={200: {"description": "One page of tasks.", "headers": _LINK}, **_problems("invalid_request")},
)
async def list_tasks(
    user_id: UserId,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    completed: Annotated[bool, Query(description="Only tasks that are, or are not, completed.")] = False,
    cursor: Annotated[str, Query(description="From the link to the next page.")] = "",
) -> None: ...


@router.post(
    _TASKS,
    operation_id="createTask",
    summary="Create a task",
    status_code=201,
    responses={
        201: _task("The new task.", {**_ETAG, **_LOCATION}),
        **_problems(*_BODY, "idempotency_key_reused"),
    },
)
async def create_task(
    user_id: UserId,
    body: NewTask,
    key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            description="Any text made for this request: for 24 hours a repetition gets the first answer again.",
        ),
    ] = "",
) -> None: ...


@router.get(
    _TASK,
    operation_id="readTask",
    summary="Read a task",
    responses={
        200: _task("The task."),
        304: {"description": "Unchanged since the ETag in If-None-Match."},
        **_problems("invalid_request"),
    },
)
async def read_task(user_id: UserId, id: TaskId) -> None: ...


@router.put(
    _TASK,
    operation_id="replaceTask",
    summary="Replace a task, or with If-None-Match: * create it under an id of your own",
    responses={
        200: _task("The task as it is now."),
        201: _task("The new task.", {**_ETAG, **_LOCATION}),
        **_problems(*_BODY, "precondition_failed"),
    },
)
async def replace_task(
    user_id: UserId,
    id: TaskId,
    body: NewTask,
    if_match: IfMatch = "",
    if_none_match: Annotated[str, Header(alias="If-None-Match", json_schema_extra={"enum": ["*"]})] = "",
) -> None: ...


@router.patch(
    _TASK,
    operation_id="changeTask",
    summary="Change some members of a task (RFC 7396)",
    responses={200: _task("The task as it is now."), **_problems(*_BODY, "precondition_failed")},
    openapi_extra={
        "requestBody": {
            "content": {
                "application/merge-patch+json": {"schema": {"$ref": "#/components/schemas/TaskChange"}}
            }
        }
    },
)
async def change_task(user_id: UserId, id: TaskId, body: TaskChange, if_match: IfMatch = "") -> None: ...


@router.delete(
    _TASK,
    operation_id="deleteTask",
    summary="Delete a task",
    status_code=204,
    responses={
        204: {"description": "Deleted."},
        **_problems("invalid_request", "precondition_failed"),
    },
)
async def delete_task(user_id: UserId, id: TaskId, if_match: IfMatch = "") -> None: ...


@router.patch(
    _TASK + "/complete",
    operation_id="toggleTask",
    summary="Complete a task, or take that back",
    responses={
        200: _task("The task as it is now."),
        **_problems("invalid_request", "precondition_failed"),
    },
)
async def toggle_task(user_id: UserId, id: TaskId, if_match: IfMatch = "") -> None: ...


def describe_api(api_url: str) -> bytes:
    app = FastAPI()
    app.include_router(router)
    document = get_openapi(
        title="Latchkey API",
        version="1",
        description="Tasks of the account that holds the access token. Sign in at the issuer to get one.",
        license_info={"name": "Apache-2.0"},
        servers=[{"url": api_url}],
        routes=app.routes,
    )
    schemas = {
        name: schema
        for name, schema in document["components"]["schemas"].items()
        if name not in {"HTTPValidationError", "ValidationError"}
    }
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] = {**schemas, **problem.pop("$defs"), "Problem": problem}
    for path in document["paths"].values():
        for operation in path.values():
            # FastAPI adds it to every route with parameters; here 422 means something else, or nothing.
            if "HTTPValidationError" in str(operation["responses"].get("422")):
                del operation["responses"]["422"]
    return json.dumps(document, separators=(",", ":")).encode()
