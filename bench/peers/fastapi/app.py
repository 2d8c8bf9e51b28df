"""The task API as the tutorials of FastAPI, SQLModel and PyJWT would have it. Written once, and not tuned."""

import base64
import os
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlmodel import DateTime, Field, SQLModel, desc, select
from sqlmodel.ext.asyncio.session import AsyncSession

KEY = base64.urlsafe_b64decode(os.environ["KEY"] + "=")
ISSUER = os.environ["ISSUER_URL"]
AUDIENCE = os.environ["API_AUDIENCE"]

engine = create_async_engine(os.environ["PEER_DATABASE_URL"], pool_size=10)
session_of = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


def now() -> datetime:
    return datetime.now(UTC)


class TaskBase(SQLModel):
    title: str = Field(min_length=1, max_length=200)
    description: str | None = Field(default=None, max_length=10_000)
    completed: bool = False


class Task(TaskBase, table=True):
    __table_args__ = {"schema": "peer"}

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    user_id: str = Field(index=True)
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    updated_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class TaskCreate(TaskBase):
    pass


class TaskPublic(TaskBase):
    id: uuid.UUID
    user_id: str
    created_at: datetime
    updated_at: datetime


async def get_session() -> AsyncIterator[AsyncSession]:
    async with session_of() as session:
        yield session


def get_current_user(
    user_id: str, credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]
) -> str:
    try:
        claims = jwt.decode(
            credentials.credentials, KEY, algorithms=["HS256"], audience=AUDIENCE, issuer=ISSUER
        )
    except jwt.InvalidTokenError as error:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Invalid token") from error
    if claims["sub"] != user_id:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Not found")
    return user_id


CurrentUser = Annotated[str, Depends(get_current_user)]
Session = Annotated[AsyncSession, Depends(get_session)]

app = FastAPI()


@app.get("/readyz")
async def ready() -> dict[str, bool]:
    return {"ready": True}


@app.get("/api/{user_id}/tasks", response_model=list[TaskPublic])
async def list_tasks(user: CurrentUser, session: Session, limit: int = 50):
    newest = select(Task).where(Task.user_id == user).order_by(desc(Task.created_at), desc(Task.id))
    return (await session.exec(newest.limit(limit))).all()


@app.post("/api/{user_id}/tasks", response_model=TaskPublic, status_code=status.HTTP_201_CREATED)
async def create_task(user: CurrentUser, session: Session, body: TaskCreate):
    task = Task.model_validate(body, update={"user_id": user})
    session.add(task)
    await session.commit()
    await session.refresh(task)
    return task


async def get_task(user: CurrentUser, session: Session, task_id: uuid.UUID) -> Task:
    found = await session.exec(select(Task).where(Task.user_id == user, Task.id == task_id))
    task = found.first()
    if task is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Not found")
    return task


OwnTask = Annotated[Task, Depends(get_task)]


@app.get("/api/{user_id}/tasks/{task_id}", response_model=TaskPublic)
async def read_task(task: OwnTask):
    return task


@app.patch("/api/{user_id}/tasks/{task_id}/complete", response_model=TaskPublic)
async def toggle_task(task: OwnTask, session: Session):
    task.completed = not task.completed
    task.updated_at = now()
    session.add(task)
    await session.commit()
    await session.refresh(task)
    return task
