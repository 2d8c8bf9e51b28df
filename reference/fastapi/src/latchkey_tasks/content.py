"""What a body may say of a task: the rules of `NewTask` and `TaskChange` in the contract."""

from collections.abc import Callable
from typing import Any, Final

from latchkey_fastapi import FieldFault
from latchkey_fastapi.problem import invalid_request

from .request import MOST_ERRORS, pointer

Member = str | bool | None
#: The members that were sent, by name.
Content = dict[str, Member]

_WELL_FORMED: Final = "must be well-formed Unicode without U+0000"
_NAMES: Final = {list: "array", str: "string", float: "number", bool: "boolean", type(None): "null"}


def _text_fault(value: str, least: int, most: int, length: str) -> str | None:
    """Lengths count Unicode code points; what PostgreSQL or UTF-8 cannot hold is refused, not replaced."""
    if "\0" in value or not _is_well_formed(value):
        return _WELL_FORMED
    return None if least <= len(value) <= most else f"must have {length} characters"


def _is_well_formed(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _title_fault(value: object) -> str | None:
    return _text_fault(value, 1, 200, "1 to 200") if isinstance(value, str) else "must be a string"


def _description_fault(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return "must be a string or null"
    fault = _text_fault(value, 0, 10_000, "at most 10000")
    return "must be a string or null" if fault == _WELL_FORMED else fault


def _completed_fault(value: object) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


_RULES: Final[dict[str, Callable[[object], str | None]]] = {
    "title": _title_fault,
    "description": _description_fault,
    "completed": _completed_fault,
}


def read_new_task(value: Any) -> Content:
    """A whole task: what is absent has its default."""
    content = _read(value, required="title")
    return {"title": content["title"], "description": None, "completed": False, **content}


def read_task_change(value: Any) -> Content:
    """Some members of a task (RFC 7396): at least one."""
    content = _read(value)
    if not content:
        raise invalid_request(FieldFault("", "must change at least one member"))
    return content


def _read(value: Any, required: str | None = None) -> Content:
    if not isinstance(value, dict):
        kind = _NAMES[type(value)]
        raise invalid_request(FieldFault("", f"Invalid input: expected object, received {kind}"))
    faults = []
    for name, rule in _RULES.items():
        fault = rule(value.get(name)) if name in value or name == required else None
        if fault is not None:
            faults.append(FieldFault(f"/{name}", fault))
    if value.keys() - _RULES.keys():
        faults += [FieldFault(pointer(name), "is not known") for name in value if name not in _RULES]
    if faults:
        raise invalid_request(*faults[:MOST_ERRORS])
    return value
