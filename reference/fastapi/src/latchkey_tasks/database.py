"""
The only door to rows, and the only module that knows the driver. Every call is one round trip: its statements go out
together, ended by one Sync, which makes them one transaction; many calls are under way on each connection.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Sequence
from typing import Final

import psycopg
from psycopg import pq
from psycopg.pq.abc import PGconn, PGresult

#: How long the database may be silent before a request is told.
SILENCE_S: Final = 1.8
LOOK_S: Final = 0.1
RECONNECT_S: Final = 0.2
POOL_SIZE: Final = 10
ATTEMPTS: Final = 3
#: Nobody waits longer than this for those that asked before: who would is told to come back.
WAIT_S: Final = 1.0
MAX_WAITING: Final = 10_000

DEADLOCK: Final = "40P01"
FOREIGN_KEY_VIOLATION: Final = "23503"
#: Connection, resources, operator and system trouble; a cancelled statement; a lock not had in time.
TROUBLE: Final = ("08", "53", "57", "58", "55P03", "40")

# Every query of ours begins at an account. In a small database PostgreSQL would rather read all of a table.
OPTIONS: Final = "-c enable_seqscan=off -c statement_timeout=1800 -c idle_in_transaction_session_timeout=3600"

Parameters = Sequence[bytes | None]
Result = PGresult

TUPLES: Final = int(pq.ExecStatus.TUPLES_OK)
COMMAND: Final = int(pq.ExecStatus.COMMAND_OK)
SYNC: Final = int(pq.ExecStatus.PIPELINE_SYNC)
ABORTED: Final = int(pq.ExecStatus.PIPELINE_ABORTED)


class DatabaseUnavailableError(Exception):
    """The database cannot be asked in time; the request may be tried again."""


class OverloadedError(DatabaseUnavailableError):
    """It could not in time, because of all those that asked before."""


class SubjectGoneError(Exception):
    """The subject's account is gone."""


class DatabaseError(Exception):
    """PostgreSQL refused a statement for a reason that is a fault of ours."""


class Statement:
    """A text that each connection prepares once."""

    __slots__ = ("name", "text")
    _count = 0

    def __init__(self, text: str) -> None:
        Statement._count += 1
        self.name = b"q%d" % Statement._count
        self.text = text.encode()


Call = tuple[Statement, Parameters]

# The subject is bound before the account is locked: a row comes out of the subquery first. Writes of one account go
# one after another, from their first statement on, so that they may touch rows in any order and never deadlock.
LOCK: Final = Statement("""
    select todo.lock_account($2) from (select set_config('app.subject', $1, true) as subject offset 0) bound
    where bound.subject is not null""")


class _Job:
    __slots__ = ("error", "future", "prepares", "results", "sent", "wanted")

    def __init__(self, future: "asyncio.Future[list[Result]]") -> None:
        self.future = future
        self.results: list[Result] = []
        self.error: Result | None = None
        #: The statements this job prepares on its connection, and which results are not answers to that.
        self.prepares: list[bytes] = []
        self.wanted: list[int] = []
        self.sent = 0.0


class _Connection:
    """One session in libpq's pipeline mode. Answers come in the order of the calls."""

    def __init__(self, connection: psycopg.AsyncConnection, loop: asyncio.AbstractEventLoop) -> None:
        self._connection = connection
        self._pgconn: PGconn = connection.pgconn
        self._loop = loop
        self._fd = self._pgconn.socket
        self._writing = False
        self._prepared: set[bytes] = set()
        self.jobs: deque[_Job] = deque()
        self.heard = time.monotonic()
        self.closed = asyncio.Event()
        self._pgconn.nonblocking = 1
        self._pgconn.enter_pipeline_mode()
        loop.add_reader(self._fd, self._read)

    def send(self, job: _Job, calls: Sequence[Call]) -> None:
        """Statements up to a Sync are one transaction: all of them, or after an error none."""
        pgconn, prepared = self._pgconn, self._prepared
        job.sent = time.monotonic()
        try:
            for at, (statement, parameters) in enumerate(calls):
                if statement.name not in prepared:
                    pgconn.send_prepare(statement.name, statement.text)
                    prepared.add(statement.name)
                    job.prepares.append(statement.name)
                job.wanted.append(at + len(job.prepares))
                pgconn.send_query_prepared(statement.name, parameters)
            pgconn.pipeline_sync()
            self.jobs.append(job)
            self._flush()
        except psycopg.OperationalError:
            self.jobs.append(job)
            self.close()

    def _flush(self) -> None:
        unsent = self._pgconn.flush() != 0
        if unsent and not self._writing:
            self._loop.add_writer(self._fd, self._write)
        elif self._writing and not unsent:
            self._loop.remove_writer(self._fd)
        self._writing = unsent

    def _write(self) -> None:
        try:
            self._flush()
        except psycopg.OperationalError:
            self.close()

    def _read(self) -> None:
        pgconn, jobs = self._pgconn, self.jobs
        self.heard = time.monotonic()
        try:
            pgconn.consume_input()
            while jobs and not pgconn.is_busy():
                result = pgconn.get_result()
                if result is not None:
                    self._take(result)
        except psycopg.OperationalError:
            self.close()

    def _take(self, result: Result) -> None:
        job = self.jobs[0]
        status = result.status
        if status in {TUPLES, COMMAND}:
            job.results.append(result)
        elif status == SYNC:
            self.jobs.popleft()
            self._finish(job)
        elif job.error is None and status != ABORTED:
            job.error = result

    def _finish(self, job: _Job) -> None:
        if job.error is not None:
            self._prepared.difference_update(job.prepares)
        if job.future.done():
            return
        if job.error is not None:
            job.future.set_exception(_classified(job.error))
        elif job.prepares:
            job.future.set_result([job.results[at] for at in job.wanted])
        else:
            job.future.set_result(job.results)

    def heard_since(self) -> float:
        """When it last said something, or was first asked to."""
        return max(self.heard, self.jobs[0].sent)

    def close(self) -> None:
        if self.closed.is_set():
            return
        self._loop.remove_reader(self._fd)
        if self._writing:
            self._loop.remove_writer(self._fd)
        self._pgconn.finish()
        self.closed.set()
        for job in self.jobs:
            if not job.future.done():
                job.future.set_exception(DatabaseUnavailableError("the connection ended"))
        self.jobs.clear()


class Database:
    def __init__(self, url: str, size: int = POOL_SIZE) -> None:
        self._url = url
        self._size = size
        self._loop = asyncio.get_running_loop()
        self._open: list[_Connection] = []
        self._tasks = [asyncio.create_task(self._keep_open()) for _ in range(size)]
        self._tasks.append(asyncio.create_task(self._watch()))

    async def read(self, calls: Sequence[Call]) -> list[Result]:
        """One round trip. Each statement binds its subject itself, or another before it does."""
        connection = self._admit()
        job = _Job(self._loop.create_future())
        connection.send(job, calls)
        return await job.future

    async def write(self, subject: bytes, calls: Sequence[Call], *, inserts: bool) -> list[Result]:
        """One transaction that sees and writes the subject's rows and no other; the first result is left out."""
        bound: list[Call] = [(LOCK, (subject, b"t" if inserts else b"f")), *calls]
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return (await self.read(bound))[1:]
            except DatabaseUnavailableError as error:
                if str(error) != DEADLOCK or attempt == ATTEMPTS:
                    raise
                # Whoever won goes first, or the two would only meet again.
                await asyncio.sleep(0.05 * attempt)
        raise AssertionError

    def waiting(self) -> int:
        """Calls under way, or waiting for those before them."""
        return sum(len(connection.jobs) for connection in self._open)

    async def reachable(self) -> bool:
        try:
            await self.read([(_LOOK, ())])
        except OverloadedError:
            # A crowd is no outage: whoever looks must not send it to the next replica.
            return True
        except DatabaseUnavailableError:
            return False
        return True

    async def purge_trash(self) -> int:
        """Deletes some of what has been in the trash for 30 days, whoever it belongs to, and says how much."""
        [result] = await self.read([(_PURGE, ())])
        return int(result.get_value(0, 0) or b"0")

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in list(self._open):
            connection.close()

    def _admit(self) -> _Connection:
        """The connection with the fewest calls under way, unless those would take too long."""
        if not self._open:
            raise DatabaseUnavailableError("no connection")
        best = self._open[0]
        for connection in self._open:
            if not connection.jobs:
                return connection
            if len(connection.jobs) < len(best.jobs):
                best = connection
        waiting = len(best.jobs)
        if waiting * len(self._open) >= MAX_WAITING or self._ahead(best) > WAIT_S:
            raise OverloadedError("queue")
        return best

    def _ahead(self, connection: _Connection) -> float:
        """How long the oldest call there has been waiting already: the newest would wait at least as long."""
        return time.monotonic() - connection.jobs[0].sent

    async def _keep_open(self) -> None:
        while True:
            with contextlib.suppress(psycopg.Error, OSError, TimeoutError):
                async with asyncio.timeout(SILENCE_S):
                    session = await psycopg.AsyncConnection.connect(
                        self._url, autocommit=True, options=OPTIONS, application_name="latchkey-api"
                    )
                connection = _Connection(session, self._loop)
                self._open.append(connection)
                try:
                    await connection.closed.wait()
                finally:
                    self._open.remove(connection)
                    connection.close()
            await asyncio.sleep(RECONNECT_S)

    async def _watch(self) -> None:
        """Cuts off a connection that owes an answer and has said nothing for too long, at two looks in a row."""
        late: set[_Connection] = set()
        while True:
            # Whatever came while this process itself was held up is read before the second look.
            await asyncio.sleep(LOOK_S)
            now = time.monotonic()
            silent = {one for one in self._open if one.jobs and now - one.heard_since() > SILENCE_S}
            for connection in silent & late:
                connection.close()
            late = silent


_LOOK: Final = Statement("select 1")
_PURGE: Final = Statement("select todo.purge_trash()")


def _classified(error: Result) -> Exception:
    def field(code: pq.DiagnosticField) -> str:
        return (error.error_field(code) or b"").decode()

    state = field(pq.DiagnosticField.SQLSTATE)
    constraint = field(pq.DiagnosticField.CONSTRAINT_NAME)
    if state == FOREIGN_KEY_VIOLATION and constraint.endswith("_user_id_fkey"):
        return SubjectGoneError()
    if state.startswith(TROUBLE):
        return DatabaseUnavailableError(state)
    return DatabaseError(f"{state} {field(pq.DiagnosticField.MESSAGE_PRIMARY)}")
