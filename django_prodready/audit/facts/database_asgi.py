"""Whether the site is served by ASGI servers alone, as far as the deployment files start any."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django_prodready.audit.facts.server_commands import find_commands, server_names, server_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.server_commands import ServerCommand

__all__ = ["seen_asgi_server"]

_ONLY_WSGI = frozenset({"mod_wsgi", "uwsgi", "waitress"})
# A command with the application it serves: not what installs them.
_OTHERS = re.compile(
    r"""(?:^|(?<=[\s"'\[=/]))(?P<name>daphne|hypercorn)["']?[\s,](?:[^\n&|;]|\\\n)*(?<![A-Za-z])asgi(?![A-Za-z])""",
    re.MULTILINE,
)
_INTERFACE = re.compile(
    r"""--interface["',=\s]+(?P<name>\w+)|\bGRANIAN_INTERFACE["']?[ \t]*[=:][ \t]*["']?(?P<set>\w+)"""
)
# gunicorn's own worker is called "asgi"; "shop.asgi:application" runs with no other kind.
_ASGI = re.compile(r"uvicorn|(?<![A-Za-z])asgi(?![A-Za-z])", re.IGNORECASE)
_WORKER_CLASS = re.compile(r"^[ \t]*worker_class[ \t]*=.*", re.MULTILINE)


def seen_asgi_server(facts: Facts) -> str | None:
    """Name an ASGI server and the file that starts it; None when none is seen, or a WSGI server as well."""
    found = [*_of_commands(facts), *_of_others(facts)]
    if any(server is None for server in found) or server_names(facts) & _ONLY_WSGI:
        return None
    return next((server for server in found if server is not None), None)


def _of_commands(facts: Facts) -> Iterator[str | None]:
    """Yield each ASGI server, and None for each that serves WSGI."""
    commands = find_commands(facts)
    is_told = _is_gunicorn_told(facts, commands)
    for command in commands:
        if command.is_arguments or "--reload" in command.text:  # a developer's
            continue
        is_asgi = is_told if command.program == "gunicorn" else _interface(facts, command)
        if command.program == "gunicorn" and _ASGI.search(command.text):
            is_asgi = True
        if is_asgi is not None:
            yield f"{command.program} in {command.place}" if is_asgi else None


def _is_gunicorn_told(facts: Facts, commands: tuple[ServerCommand, ...]) -> bool:
    """Whether gunicorn's variable or configuration names a worker for ASGI."""
    configs = [text for place, text in server_texts(facts) if place.endswith(".py")]
    told = [match[0] for text in configs for match in _WORKER_CLASS.finditer(text)]
    told += [command.text for command in commands if command.is_arguments]
    return any(map(_ASGI.search, told))


def _interface(facts: Facts, command: ServerCommand) -> bool | None:
    """Whether uvicorn or granian serve ASGI; None for what Django cannot be served by, so unknown."""
    match = _INTERFACE.search(command.text)
    if match is None and command.program == "granian":  # its default is RSGI
        texts = (text for _, text in server_texts(facts))
        match = next((found for text in texts if (found := _INTERFACE.search(text))), None)
    if match is None:
        return True if command.program == "uvicorn" else None
    interface = (match["name"] or match["set"]).lower()
    if interface == "wsgi":
        return False
    return True if command.program == "uvicorn" or interface.startswith("asgi") else None


def _of_others(facts: Facts) -> Iterator[str]:
    for place, text in server_texts(facts):
        match = None if place.endswith(".py") else _OTHERS.search(text)
        if match is not None:
            yield f"{match['name']} in {place}"
