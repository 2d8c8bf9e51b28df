"""Every statement of the task routes. Reads bind the subject in the same statement; writes come after the lock."""

from functools import cache
from itertools import combinations
from typing import Final

from .database import Statement

_UTC: Final = """'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'"""

# What the core says of a task; lists, tags, dates and the rest are columns it leaves alone.
_FIELDS: Final = f"""id, user_id, title, description, completed,
    to_char(created_at at time zone 'UTC', {_UTC}) as created_at,
    to_char(updated_at at time zone 'UTC', {_UTC}) as updated_at, revision"""
_STORED: Final = f"(select row_to_json(stored)::text from (select {_FIELDS}) stored), revision"


def _bound(lateral: str) -> Statement:
    """
    One read in one round trip. `lateral` filters by `bound.subject` and has its own LIMIT, or aggregates over one:
    only then does PostgreSQL bind the subject before it looks at a row. (Otherwise it sees no row.)
    """
    return Statement(f"""
        select page.* from (select set_config('app.subject', $1, true) as subject) bound
        cross join lateral ({lateral}) page""")


@cache
def page_of_tasks(completed: bool | None, continued: bool) -> Statement:
    """$2 rows at most: one more than the page decides whether there is a next one. $3 and $4: after which."""
    which = {None: "", True: "and completed", False: "and not completed"}[completed]
    beyond = "and (created_at, id) < ($3::timestamptz, $4::uuid)" if continued else ""
    return _bound(f"""
        select string_agg(row_to_json(listed)::text, e',\\n'), count(*)
        from (select {_FIELDS} from (
            select * from todo.task where user_id = bound.subject and deleted_at is null {which} {beyond}
            order by created_at desc, id desc limit $2::integer) task) listed""")


READ: Final = _bound(f"""
    select {_STORED} from todo.task
    where user_id = bound.subject and id = $2::uuid and deleted_at is null limit 1""")

# The account is no part of it: the subject is the default of `user_id`, and may not be written.
CREATE: Final = Statement(f"""
    insert into todo.task (id, title, description, completed) values ($1::uuid, $2, $3, $4::boolean)
    on conflict (user_id, id) do nothing returning {_STORED}""")

# What is there already, and whether it is what a repetition of its creation would have made.
FOUND: Final = Statement(f"""
    select {_STORED}, deleted_at is null and title = $3 and description is not distinct from $4
        and completed = $5::boolean and due is null and priority = 4 and tags = '{{}}' and list_id is null
        and parent_id is null and recurrence_rule is null
    from todo.task where user_id = $1 and id = $2::uuid""")

THERE: Final = Statement(
    "select 1 from todo.task where user_id = $1 and id = $2::uuid and deleted_at is null limit 1"
)

_EXPECTED: Final = """user_id = $1 and id = $2::uuid and deleted_at is null
    and ($3::bigint[] is null or revision = any($3::bigint[]))"""


def _change(assignments: str) -> Statement:
    return Statement(f"update todo.task set {assignments} where {_EXPECTED} returning {_STORED}")


_TYPES: Final = {"title": "text", "description": "text", "completed": "boolean"}
#: By the names of the members that change, in this order from $4 on.
CHANGE: Final = {
    names: _change(", ".join(f"{name} = ${at}::{_TYPES[name]}" for at, name in enumerate(names, 4)))
    for size in (1, 2, 3)
    for names in combinations(_TYPES, size)
}
TOGGLE: Final = _change("completed = not completed")

DELETE: Final = _change("deleted_at = now()")
# Subtasks go into the trash with their parent, at the same moment.
DELETE_SUBTASKS: Final = Statement("""
    update todo.task set deleted_at = now() where user_id = $1 and parent_id = $2::uuid and deleted_at is null
        and exists (select from todo.task parent
            where parent.user_id = $1 and parent.id = $2::uuid and parent.deleted_at = now()::timestamptz(3))""")

# A repeated request is answered and not done again. The key is claimed first: a request with the same key waits there
# until this one has ended. Until the answer is kept, `task` is null, and only whoever claimed the key sees that.
FORGET: Final = Statement(
    "delete from todo.idempotency where user_id = $1 and created_at < now() - interval '24 hours'"
)
CLAIM: Final = Statement(
    "insert into todo.idempotency (key, fingerprint) values ($1, $2::bytea) on conflict (user_id, key) do nothing"
)
CREATE_CLAIMED: Final = Statement("""
    insert into todo.task (id, title, description, completed)
    select $3::uuid, $4, $5, $6::boolean from todo.idempotency where user_id = $1 and key = $2 and task is null""")
KEEP_ANSWER: Final = Statement(f"""
    update todo.idempotency set task = made.body, revision = made.revision
    from (select {_STORED.replace("),", ") as body,", 1)} from todo.task where user_id = $1 and id = $3::uuid) made
    where user_id = $1 and key = $2 and task is null""")
FIRST_ANSWER: Final = Statement(
    "select task, revision, encode(fingerprint, 'hex') from todo.idempotency where user_id = $1 and key = $2"
)
