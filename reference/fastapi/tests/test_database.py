"""The third wall: whatever a statement forgets, PostgreSQL shows the bound subject's rows alone."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from latchkey_tasks import statements as sql
from latchkey_tasks.database import Call, Database, DatabaseError, DatabaseUnavailableError, Statement
from latchkey_tasks.settings import TaskSettings
from latchkey_tasks.uuid7 import UUID_V7, uuid7

# What nobody should write: no statement of ours leaves the account out.
ALL = Statement("select user_id from todo.task")
BOUND = Statement("select set_config('app.subject', $1, true)")
SUBJECT = Statement("select coalesce(todo.subject(), '')")
STEAL = Statement("update todo.task set title = 'stolen' where id = $1::uuid")


@pytest.fixture
async def database(settings: TaskSettings) -> AsyncIterator[Database]:
    database = Database(settings.database_url, size=2)
    async with asyncio.timeout(20):
        while not await database.reachable():
            await asyncio.sleep(0.01)
    yield database
    await database.close()


async def make(database: Database, subject: str) -> str:
    task_id = uuid7()
    values = (task_id.encode(), b"mine", None, b"f")
    [made] = await database.write(subject.encode(), [(sql.CREATE, values)], inserts=True)
    assert made.ntuples == 1
    return task_id


async def test_without_a_subject_nothing_is_there(database: Database, people: list[dict[str, str]]) -> None:
    await make(database, people[0]["id"])
    [rows] = await database.read([(ALL, ())])
    assert rows.ntuples == 0


async def test_a_subject_sees_its_rows_whatever_the_statement_says(
    database: Database, people: list[dict[str, str]]
) -> None:
    ada, bob = (person["id"] for person in people)
    await make(database, bob)
    await make(database, ada)
    _, rows = await database.read([(BOUND, (ada.encode(),)), (ALL, ())])
    owners = {rows.get_value(at, 0) for at in range(rows.ntuples)}
    assert owners == {ada.encode()}


async def test_a_subject_writes_its_rows_whatever_the_statement_says(
    database: Database, people: list[dict[str, str]]
) -> None:
    ada, bob = (person["id"] for person in people)
    task_id = await make(database, bob)
    [stolen] = await database.write(ada.encode(), [(STEAL, (task_id.encode(),))], inserts=False)
    assert stolen.command_tuples == 0
    [read] = await database.read([(sql.READ, (bob.encode(), task_id.encode()))])
    assert b'"title":"mine"' in (read.get_value(0, 0) or b"")


async def test_no_subject_stays_on_a_connection(database: Database, people: list[dict[str, str]]) -> None:
    await database.read([(BOUND, (people[0]["id"].encode(),))])
    for _ in range(4):
        [after] = await database.read([(SUBJECT, ())])
        assert after.get_value(0, 0) == b""


async def test_many_subjects_at_once_are_never_mixed_up(
    database: Database, people: list[dict[str, str]]
) -> None:
    owned = {person["id"]: await make(database, person["id"]) for person in people}

    async def read(reader: str, owner: str) -> int:
        [found] = await database.read([(sql.READ, (reader.encode(), owned[owner].encode()))])
        return int(found.ntuples)

    pairs = [(reader, owner) for reader in owned for owner in owned] * 100
    found = await asyncio.gather(*(read(reader, owner) for reader, owner in pairs))
    assert found == [int(reader == owner) for reader, owner in pairs]


async def test_a_failed_statement_leaves_nothing_behind_and_the_connection_usable(
    database: Database, people: list[dict[str, str]]
) -> None:
    subject, task_id = people[0]["id"].encode(), uuid7()
    broken = Statement("select 1 / 0")
    calls: list[Call] = [(sql.CREATE, (task_id.encode(), b"lost", None, b"f")), (broken, ())]
    with pytest.raises(DatabaseError, match="22012"):
        await database.write(subject, calls, inserts=True)
    for _ in range(4):
        [found] = await database.read([(sql.READ, (subject, task_id.encode()))])
        assert found.ntuples == 0
    with pytest.raises(DatabaseError, match="42601"):
        await database.read([(Statement("nonsense"), ())])
    assert await database.reachable()


async def test_the_role_may_not_touch_accounts(database: Database) -> None:
    with pytest.raises(DatabaseError, match="42501"):
        await database.read([(Statement('select email from auth."user"'), ())])


async def test_a_statement_that_takes_too_long_is_told_and_the_next_is_answered(database: Database) -> None:
    with pytest.raises(DatabaseUnavailableError):
        await database.read([(Statement("select pg_sleep(10)"), ())])
    async with asyncio.timeout(20):
        while not await database.reachable():
            await asyncio.sleep(0.05)


async def test_a_connection_that_ends_is_opened_again(database: Database) -> None:
    with pytest.raises(DatabaseUnavailableError):
        await database.read([(Statement("select pg_terminate_backend(pg_backend_pid())"), ())])
    async with asyncio.timeout(20):
        while not await database.reachable():
            await asyncio.sleep(0.05)


def test_ids_are_uuids_of_version_7_in_the_order_they_were_made() -> None:
    made = [uuid7() for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(UUID_V7.fullmatch(one) for one in made)
