"""The variables of the task API, beside those of `latchkey_fastapi`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network

from latchkey_fastapi import Settings
from latchkey_fastapi.settings import Reader, read_with

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class TaskSettings:
    host: str
    port: int
    database_url: str = field(repr=False)
    web_origins: tuple[str, ...]
    trusted_proxies: tuple[Network, ...]
    metrics_host: str
    #: None: nobody is shown any.
    metrics_port: int | None
    shared: Settings


def read_task_settings(source: Mapping[str, str] = os.environ) -> TaskSettings:
    """Reads them all, or raises with all that is wrong."""
    reader = Reader(source)
    shared = read_with(reader)
    settings = TaskSettings(
        host=reader.text("HOST", "127.0.0.1"),
        port=reader.integer("PORT", 3000, 0, 65_535),
        database_url=reader.secret("API_DATABASE_URL"),
        web_origins=reader.origins("WEB_ORIGIN", shared.issuer_url),
        trusted_proxies=tuple(
            reader.each("TRUSTED_PROXIES", ip_network, "is not an address or a CIDR range.")
        ),
        metrics_host=reader.text("METRICS_HOST", "127.0.0.1"),
        metrics_port=reader.integer("METRICS_PORT", 0, 0, 65_535) or None,
        shared=shared,
    )
    reader.finish()
    return settings
