"""Which servers merge two headers of a request into one variable, so that Django cannot tell them apart.

Under WSGI ``X_Forwarded_For``, which proxies hand on as a client wrote it, and ``X-Forwarded-For`` have one
name. gunicorn drops the former unless it is told otherwise, and then joins both; granian keeps the last of
them. ASGI hands on both, and Django drops what has an underscore.

gunicorn: https://docs.gunicorn.org/en/stable/settings.html#header-map
nginx: https://nginx.org/en/docs/http/ngx_http_core_module.html#underscores_in_headers
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit.facts.proxy import is_elsewhere, without_comments
from django_prodready.audit.facts.server_commands import (
    ServerCommand,
    find_commands,
    served_texts,
    server_texts,
)
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["Merger", "drops_underscores", "find_mergers"]

_FLAG = re.compile(r"""--header-map["',=\s\\]+(?:-\s+["']?)?(?P<value>\w+)""")
_CONFIGURED = re.compile(r"""^[ \t]*header_map[ \t]*=[ \t]*(?:["'](?P<value>\w+)["'])?""", re.MULTILINE)
_ASYNC_WORKER = re.compile(
    r"""(?:--worker-class|(?<=\s)-k|["']-k)["',=\s]*(?:asgi\b|[\w.]*uvicorn)"""
    r"""|^[ \t]*worker_class[ \t]*=.*(?:asgi|uvicorn)""",
    re.MULTILINE | re.IGNORECASE,
)
_WSGI = re.compile(r"""--interface["',=\s\\]+(?:-\s+["']?)?wsgi\b""")
_INTERFACE = re.compile(r"--interface\b")
_WSGI_VARIABLE = re.compile(r"""(?<![\w$])GRANIAN_INTERFACE["']?[ \t]*[:= \t][ \t]*["']?wsgi\b""")
_WSGI_IN_CODE = re.compile(r"""\bGranian\([^)]*\binterface\s*=\s*(?:["']wsgi\b|Interfaces\.WSGI\b)""")

_NGINX = ("*nginx*", "**/nginx/**", "*.conf", "*.conf.template", "*.j2")
_PASSES = re.compile(r"^[ \t]*proxy_pass[ \t]", re.MULTILINE)
_KEEPS_UNDERSCORES = re.compile(r"^[ \t]*underscores_in_headers[ \t]+on\b", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """One place that has a server merge headers."""

    program: str  # "granian" or "gunicorn"
    setting: str  # "header_map", "--header-map", "--interface", "GRANIAN_INTERFACE", "interface"
    place: str
    at: Location | None


def find_mergers(facts: Facts) -> tuple[Merger, ...]:
    """Find every place that decides for a server, and has it merge headers."""
    commands = find_commands(facts)
    return (*_gunicorns(facts, commands), *_granians(facts, commands))


def drops_underscores(facts: Facts) -> bool:
    """Whether nginx is seen to stand in front, which drops such headers by its default."""
    paths = [path for path in facts.files.matching(*_NGINX) if not is_elsewhere(path)]
    texts = [without_comments(facts.files.read(path) or "") for path in paths]
    return any(map(_PASSES.search, texts)) and not any(map(_KEEPS_UNDERSCORES.search, texts))


def _gunicorns(facts: Facts, commands: tuple[ServerCommand, ...]) -> Iterator[Merger]:
    """Yield what gunicorn is told: by its command, else by GUNICORN_CMD_ARGS, else by its configuration."""
    own = [each for each in commands if each.program == "gunicorn"]
    configs = [(place, text) for place, text in server_texts(facts) if place.endswith(".py")]
    texts = [*(each.text for each in own), *(text for _, text in configs)]
    if any(map(_ASYNC_WORKER.search, texts)):
        return
    runs = [each for each in own if not each.is_arguments]
    told = [each for each in runs if _FLAG.search(each.text)]
    yield from _dangerous(told)
    if runs and len(told) == len(runs):
        return
    arguments = [each for each in own if each.is_arguments and _FLAG.search(each.text)]
    yield from _dangerous(arguments)
    if not arguments:
        for place, text in configs:
            for match in _CONFIGURED.finditer(text):
                if match["value"] == "dangerous":
                    at = Location(place, text.count("\n", 0, match.start()) + 1)
                    yield Merger(program="gunicorn", setting="header_map", place=place, at=at)


def _dangerous(commands: list[ServerCommand]) -> Iterator[Merger]:
    for command in commands:
        *_, last = _FLAG.finditer(command.text)
        if last["value"].lower() == "dangerous":
            yield _merger(command, "--header-map", last.start())


def _merger(command: ServerCommand, setting: str, position: int) -> Merger:
    return Merger(
        program=command.program, setting=setting, place=command.place, at=command.at_position(position)
    )


def _granians(facts: Facts, commands: tuple[ServerCommand, ...]) -> Iterator[Merger]:
    own = [each for each in commands if each.program == "granian"]
    for command in own:
        match = _WSGI.search(command.text)
        if match is not None:
            yield _merger(command, "--interface", match.start())
    if any(not _INTERFACE.search(each.text) for each in own):
        yield from _found(_WSGI_VARIABLE, "GRANIAN_INTERFACE", [*server_texts(facts)])
    served = [(path, without_comments(text)) for path, text in served_texts(facts)]
    yield from _found(_WSGI_IN_CODE, "interface", served)


def _found(pattern: re.Pattern[str], setting: str, texts: list[tuple[str, str]]) -> Iterator[Merger]:
    for place, text in texts:
        match = pattern.search(text)
        if match is not None:
            at = Location(place, text.count("\n", 0, match.start()) + 1)
            yield Merger(program="granian", setting=setting, place=place, at=at)
