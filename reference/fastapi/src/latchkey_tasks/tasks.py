"""The task routes. Each reads what it was sent, in the order in which errors are told, and then asks once."""

import hashlib
import json
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from latchkey_fastapi import FieldFault, ProblemError
from latchkey_fastapi.problem import invalid_request

from . import statements as sql
from .answer import Answer, json_answer
from .content import Content, Member, read_new_task, read_task_change
from .database import Call, Database, Result
from .page_cursor import PageCursors, Position
from .request import (
    MERGE_PATCH_TYPE,
    ListQuery,
    Request,
    Revisions,
    read_idempotency_key,
    read_json,
    read_list_query,
    read_revisions,
    refuse_query,
)
from .uuid7 import UUID_V7, uuid7

StillAccepted = Callable[[], None]

# JSON writes a line break in a text as \n, so that this is nowhere but between two tasks.
BETWEEN_TASKS: Final = b",\n"
_MEMBERS: Final = ("title", "description", "completed")


class Caller:
    """Whose request it is, whose path, and whether the token is still good."""

    __slots__ = ("still_accepted", "subject")

    def __init__(self, subject: str, still_accepted: StillAccepted) -> None:
        self.subject = subject.encode()
        self.still_accepted = still_accepted

    @property
    def path(self) -> str:
        return f"/api/{quote(self.subject, safe=_UNRESERVED)}/tasks"


_UNRESERVED: Final = "!*'()"


class Tasks:
    def __init__(self, database: Database, cursors: PageCursors) -> None:
        self._database = database
        self._cursors = cursors

    async def list_tasks(self, caller: Caller, request: Request) -> Answer:
        query = read_list_query(request)
        scope = _scope(caller, query)
        after = self._after(query, scope)
        statement = sql.page_of_tasks(query.completed, after is not None)
        beyond = [text.encode() for text in after] if after else []
        [page] = await self._database.read(
            [(statement, (caller.subject, b"%d" % (query.limit + 1), *beyond))]
        )
        tasks = page.get_value(0, 0) or b""
        if int(page.get_value(0, 1) or b"0") <= query.limit:
            return json_answer(200, b"[%b]" % tasks)
        kept = tasks[: tasks.rindex(BETWEEN_TASKS)]
        last = json.loads(kept[kept.rfind(BETWEEN_TASKS) + 1 :].lstrip(b"\n"))
        cursor = self._cursors.seal((last["created_at"], last["id"]), scope)
        link = f'<{caller.path}?{_next_query(query, cursor)}>; rel="next"'
        return json_answer(200, b"[%b]" % kept, (b"Link", link.encode()))

    def _after(self, query: ListQuery, scope: str) -> Position | None:
        if query.cursor is None:
            return None
        position = self._cursors.open(query.cursor, scope)
        if position is None:
            raise invalid_request(FieldFault("cursor", "must come from a link to a next page"))
        return position

    async def create_task(self, caller: Caller, request: Request) -> Answer:
        content = read_new_task(await read_json(request, caller.still_accepted))
        refuse_query(request)
        key = read_idempotency_key(request)
        task_id = uuid7()
        if key is not None:
            return await self._create_once(caller, task_id, content, key)
        made = await self._write(caller, (sql.CREATE, (task_id.encode(), *_values(content))), inserts=True)
        return _created(caller, made[0], task_id)

    async def _create_once(self, caller: Caller, task_id: str, content: Content, key: bytes) -> Answer:
        subject, made_id = caller.subject, task_id.encode()
        fingerprint = hashlib.sha256(_as_parsed(content)).hexdigest().encode()
        results = await self._write(
            caller,
            (sql.FORGET, (subject,)),
            (sql.CLAIM, (key, b"\\x" + fingerprint)),
            (sql.CREATE_CLAIMED, (subject, key, made_id, *_values(content))),
            (sql.KEEP_ANSWER, (subject, key, made_id)),
            (sql.FIRST_ANSWER, (subject, key)),
            inserts=True,
        )
        first = results[-1]
        if first.get_value(0, 2) != fingerprint:
            raise ProblemError("idempotency_key_reused")
        return _created(caller, first, json.loads(first.get_value(0, 0) or b"{}")["id"])

    async def read_task(self, caller: Caller, request: Request, task_id: str) -> Answer:
        refuse_query(request)
        known = read_revisions(request, b"if-none-match", "If-None-Match")
        [found] = await self._database.read([(sql.READ, (caller.subject, _id(task_id)))])
        if found.ntuples == 0:
            raise ProblemError("not_found")
        revision = found.get_value(0, 1) or b""
        if known is True or (isinstance(known, list) and int(revision) in known):
            return Answer(304, None, [(b"ETag", b'"%b"' % revision)])
        return _current(found)

    async def replace_task(self, caller: Caller, request: Request, task_id: str) -> Answer:
        content = read_new_task(await read_json(request, caller.still_accepted))
        refuse_query(request)
        expected = read_revisions(request, b"if-match", "If-Match")
        absent = read_revisions(request, b"if-none-match", "If-None-Match")
        if absent is None:
            return await self._change(caller, task_id, content, expected)
        if absent is not True or expected is not None:
            raise invalid_request(FieldFault("If-None-Match", "must be * and without If-Match"))
        return await self._create_at(caller, task_id, content)

    async def _create_at(self, caller: Caller, task_id: str, content: Content) -> Answer:
        """A repetition finds what the first one made, and is told so when it asked for the same."""
        made, found = await self._write(
            caller,
            (sql.CREATE, (_id(task_id), *_values(content))),
            (sql.FOUND, (caller.subject, _id(task_id), *_values(content))),
            inserts=True,
        )
        if made.ntuples == 1:
            return _created(caller, made, task_id)
        if found.get_value(0, 2) != b"t":
            raise ProblemError("precondition_failed")
        return _current(found)

    async def change_task(self, caller: Caller, request: Request, task_id: str) -> Answer:
        body = await read_json(request, caller.still_accepted, MERGE_PATCH_TYPE)
        members = read_task_change(body)
        refuse_query(request)
        expected = read_revisions(request, b"if-match", "If-Match")
        return await self._change(caller, task_id, members, expected)

    async def _change(self, caller: Caller, task_id: str, content: Content, expected: Revisions) -> Answer:
        names = tuple(name for name in _MEMBERS if name in content)
        values = tuple(_value(content[name]) for name in names)
        return _current(await self._update(caller, task_id, expected, (sql.CHANGE[names], values)))

    async def toggle_task(self, caller: Caller, request: Request, task_id: str) -> Answer:
        refuse_query(request)
        expected = read_revisions(request, b"if-match", "If-Match")
        return _current(await self._update(caller, task_id, expected, (sql.TOGGLE, ())))

    async def delete_task(self, caller: Caller, request: Request, task_id: str) -> Answer:
        refuse_query(request)
        expected = read_revisions(request, b"if-match", "If-Match")
        subtasks = (sql.DELETE_SUBTASKS, (caller.subject, _id(task_id)))
        await self._update(caller, task_id, expected, (sql.DELETE, ()), subtasks)
        return Answer(204, None, [])

    async def _update(
        self, caller: Caller, task_id: str, expected: Revisions, change: Call, *more: Call
    ) -> Result:
        """One statement on one task. Only where nothing came of it does it matter what is there."""
        found = (caller.subject, _id(task_id))
        statement, values = change
        call = (statement, (*found, _revisions(expected), *values))
        updated, *_, there = await self._write(caller, call, *more, (sql.THERE, found))
        if updated.ntuples == 1:
            return updated
        raise ProblemError("precondition_failed" if there.ntuples == 1 else "not_found")

    async def _write(self, caller: Caller, *calls: Call, inserts: bool = False) -> list[Result]:
        return await self._database.write(caller.subject, calls, inserts=inserts)


def _id(task_id: str) -> bytes:
    """What is no UUIDv7 cannot be an id, so there is nothing there."""
    if not UUID_V7.fullmatch(task_id):
        raise ProblemError("not_found")
    return task_id.encode()


def _revisions(expected: Revisions) -> bytes | None:
    return b"{%b}" % b",".join(b"%d" % one for one in expected) if isinstance(expected, list) else None


def _value(member: Member) -> bytes | None:
    if isinstance(member, bool):
        return b"t" if member else b"f"
    return None if member is None else member.encode()


def _values(content: Content) -> tuple[bytes | None, ...]:
    return tuple(_value(content[name]) for name in _MEMBERS)


def _as_parsed(content: Content) -> bytes:
    """The body as the TypeScript API parses it, so that a key used there is known here."""
    organized: dict[str, object] = {
        "due": None,
        "priority": 4,
        "tags": [],
        "parent": None,
        "recurrence": None,
    }
    parsed: dict[str, object] = {**{name: content[name] for name in _MEMBERS}, **organized}
    return json.dumps(parsed, ensure_ascii=False, separators=(",", ":")).encode()


def _scope(caller: Caller, query: ListQuery) -> str:
    filters: list[tuple[str, str | bool]] = [("sort", "newest")]
    if query.completed is not None:
        filters.insert(0, ("completed", query.completed))
    return _compact.encode([caller.subject.decode(), filters])


_compact: Final = json.JSONEncoder(separators=(",", ":"))


def _next_query(query: ListQuery, cursor: str) -> str:
    completed = {None: "", True: "completed=true&", False: "completed=false&"}[query.completed]
    return f"limit={query.limit}&{completed}cursor={cursor}"


def _entity_tag(stored: Result) -> tuple[bytes, bytes]:
    return (b"ETag", b'"%b"' % (stored.get_value(0, 1) or b""))


def _current(stored: Result) -> Answer:
    """A row as PostgreSQL wrote it: its JSON goes out as it came."""
    return json_answer(200, stored.get_value(0, 0) or b"", _entity_tag(stored))


def _created(caller: Caller, stored: Result, task_id: str) -> Answer:
    location = (b"Location", f"{caller.path}/{task_id}".encode())
    return json_answer(201, stored.get_value(0, 0) or b"", _entity_tag(stored), location)
