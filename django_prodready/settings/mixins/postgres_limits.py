"""How long a connection to PostgreSQL may take, and what is done about a network that swallows packets.

https://www.postgresql.org/docs/current/runtime-config-client.html,
https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django_prodready.settings.environment.command_line import django_command

__all__ = ["TCP", "is_patient_command", "startup_options"]

# A connection that nobody answers on any more is given up after 60 s of silence, and what was sent on it
# after 30 s without a receipt. Linux alone takes over two hours, and 15 minutes.
TCP = {
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # ms
}

# Commands that serve requests, or tell how the settings are for those that do.
_LIKE_SERVERS = ("check", "diffsettings", "prodcheck", "prodhealth", "prodsettings", "runserver")


def is_patient_command(argv: Sequence[str]) -> bool:
    """Tell whether this is a command of Django's that may work for as long as it takes, such as ``migrate``.

    An index that a time-out keeps from being built is left behind invalid, in the middle of a release.
    """
    command = django_command(argv)
    return command is not None and command not in _LIKE_SERVERS


def startup_options(text: str, limits_s: Mapping[str, float]) -> str:
    """Return what libpq sends when it connects: ``text``, and those of ``limits_s`` that it does not name.

    A limit of 0 is none, and is left out.
    """
    added = [
        f"-c {name}={_milliseconds(limit_s)}"
        for name, limit_s in limits_s.items()
        if limit_s and not re.search(rf"\b{name}\b", text)
    ]
    return " ".join(filter(None, [text, *added]))


def _milliseconds(limit_s: float) -> int:
    # 0 would be no limit at all.
    return max(1, round(limit_s * 1000))
