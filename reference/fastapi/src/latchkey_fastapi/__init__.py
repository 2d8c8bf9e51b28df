"""
Access tokens of a Latchkey issuer for FastAPI: verified strictly, without I/O, and refused from the moment a sign-out
has answered.

    app = Latchkey().protect(FastAPI())

    @app.get("/api/{user_id}/notes")
    async def notes(subject: Subject) -> list[str]: ...
"""

from .access_token import AccessTokenVerifier, Claims, Refused, SignedToken, Unavailable, Verdict
from .keys import KeySet, SharedKey, SharedKeys
from .problem import FieldFault, ProblemError
from .revocations import RevocationReader
from .settings import Settings, SettingsError, read_settings
from .subject import Latchkey, Subject, require_subject

__all__ = [
    "AccessTokenVerifier",
    "Claims",
    "FieldFault",
    "KeySet",
    "Latchkey",
    "ProblemError",
    "Refused",
    "RevocationReader",
    "Settings",
    "SettingsError",
    "SharedKey",
    "SharedKeys",
    "SignedToken",
    "Subject",
    "Unavailable",
    "Verdict",
    "read_settings",
    "require_subject",
]
