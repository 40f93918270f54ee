"""Whose forwarding headers the site's server is told to believe: who says "everybody", and what that lets in.

uvicorn, and its workers in gunicorn, put the leftmost address of X-Forwarded-For in the place of the peer,
and X-Forwarded-Proto in that of the scheme. gunicorn's own workers leave the peer alone, and take the scheme.

uvicorn: https://uvicorn.dev/deployment/proxies/
gunicorn: https://docs.gunicorn.org/en/stable/settings.html#forwarded-allow-ips
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django_prodready.audit.facts.forwarding_variables import (
    Saying,
    in_environment,
    in_variables,
    is_everybody,
    make_saying,
    only_server,
)
from django_prodready.audit.facts.proxy import without_comments
from django_prodready.audit.facts.server_commands import (
    ServerCommand,
    find_commands,
    served_texts,
    server_texts,
)
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["Credulity", "find_credulity"]

_FLAG = re.compile(r"""--forwarded-allow-ips(?:["',=\s\\]|-(?=\s))*(?P<value>[^\s"'\]\\]+)""")
_KEPT_OUT = re.compile(r"--no-proxy-headers\b|--reload\b")  # --reload: a developer's server
_WORKER = re.compile(r"""(?:--worker-class|(?<=\s)-k|["']-k)["',=\s]*(?P<name>[\w.$:{}-]+)""")
_UVICORN_WORKER = re.compile(r"uvicorn[\w.]*worker", re.IGNORECASE)
_WORKER_CLASS = re.compile(r"^[ \t]*worker_class[ \t]*=.*", re.MULTILINE)
_CONFIGURED = re.compile(
    r"""^[ \t]*forwarded_allow_ips[ \t]*=[ \t]*(?:["'](?P<value>[^"'\n]*)["'][ \t]*$)?""", re.MULTILINE
)
_IN_CODE = re.compile(r"""\bforwarded_allow_ips["']?\s*[:=]\s*\[?["']\*["']""")
_PROXY_HEADERS_OFF = re.compile(r"""\bproxy_headers["']?\s*[:=]\s*False""")
_SERVES = re.compile(
    r"^[ \t]*(?:import|from)[ \t]+(?:granian|gunicorn|hypercorn|uvicorn|waitress)\b", re.MULTILINE
)
_ON_SOCKET = re.compile(r"--uds\b|\bunix:")
_RUNS_SITE = re.compile(r"wsgi|asgi|\w:\w|\$")
_APPLICATION = re.compile(r"""(?<![\w./:-])(?P<module>[A-Za-z_][\w.]*):[A-Za-z_]\w*(?![\w./:-])""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credulity:
    """One place that has a server believe everybody."""

    program: str  # "gunicorn" or "uvicorn"
    setting: str  # "--forwarded-allow-ips", "forwarded_allow_ips", "FORWARDED_ALLOW_IPS"
    value: str  # what it is set to, such as "*"
    place: str
    at: Location | None
    is_peer_forged: bool  # else it is the scheme alone
    is_on_socket: bool = False  # a unix socket, whose peer has no address that could be named
    is_certain: bool = True  # False: no file tells that this server serves the site


def find_credulity(facts: Facts) -> tuple[Credulity, ...]:
    """Find every place that decides for a server, and says "everybody"."""
    return tuple(_Server(facts).credulity())


class _Server:
    """What starts the site, and what is said to it: by its command, its configuration, its variables."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        found = [each for each in find_commands(facts) if each.program in ("gunicorn", "uvicorn")]
        commands = [each for each in found if not _is_foreign(facts, each)]
        self.commands = [each for each in commands if not each.is_arguments]
        self.arguments = [each for each in commands if each.is_arguments]
        texts = [*server_texts(facts)]
        self.configs = [(place, text) for place, text in texts if place.endswith(".py")]
        self.served = list(served_texts(facts))
        self.is_any_named = (
            any(not each.is_arguments or each.at is not None for each in found)
            or bool(self.configs)
            or any(_SERVES.search(text) for _, text in self.served)
        )

    def credulity(self) -> Iterator[Credulity]:
        """Yield each once, the strongest word first."""
        yield from self._by_commands()
        silent = [each for each in self.commands if _flag(each) is None]
        programs = [each.program for each in self.commands]
        is_gunicorn_told = "gunicorn" in programs and "gunicorn" not in [each.program for each in silent]
        arguments = [saying for each in self.arguments if (saying := _flag(each)) is not None]
        configured = list(self._configured())
        if not is_gunicorn_told:
            yield from self._gunicorns(arguments or configured)
        yield from self._by_code()
        uvicorns = [each for each in silent if _is_open(each) and each.program == "uvicorn"]
        gunicorns = [each for each in silent if each.program == "gunicorn" and _RUNS_SITE.search(each.text)]
        variables = in_variables(self._facts)
        if uvicorns:
            is_on_socket = any(_ON_SOCKET.search(each.text) for each in uvicorns)
            yield from _credulous(variables, "uvicorn", is_peer_forged=True, is_on_socket=is_on_socket)
        elif not arguments and not configured and (gunicorns or self.configs):
            plain = [each for each in variables if not each.setting.startswith("UVICORN_")]
            yield from self._gunicorns(plain)
        elif not arguments and not self.is_any_named:
            yield from self._by_requirements()

    def _by_requirements(self) -> Iterator[Credulity]:
        """Yield what the environment of this very process says, where no file names a server."""
        server = only_server(self._facts)
        if server is None or not in_variables(self._facts):
            return
        for each in _credulous(in_environment(self._facts), server, is_peer_forged=server == "uvicorn"):
            if server == "uvicorn" or not each.setting.startswith("UVICORN_"):
                yield replace(each, is_certain=False)

    def _by_commands(self) -> Iterator[Credulity]:
        for command in self.commands:
            saying = _flag(command)
            is_on_socket = _ON_SOCKET.search(command.text) is not None
            if saying is not None and command.program == "gunicorn":
                is_forged = self._has_uvicorn_worker(command)
                yield from _credulous(
                    [saying], "gunicorn", is_peer_forged=is_forged, is_on_socket=is_on_socket
                )
            elif saying is not None and not _KEPT_OUT.search(command.text):
                yield from _credulous([saying], "uvicorn", is_peer_forged=True, is_on_socket=is_on_socket)

    def _configured(self) -> Iterator[Saying]:
        for place, text in self.configs:
            for match in _CONFIGURED.finditer(text):
                yield make_saying("forwarded_allow_ips", match["value"] or "", place, text, match.start())

    def _by_code(self) -> Iterator[Credulity]:
        configs = {place for place, _ in self.configs}
        for path, text in self.served:
            bare = without_comments(text)
            match = _IN_CODE.search(bare)
            is_open = not _PROXY_HEADERS_OFF.search(bare) and "reload=True" not in bare
            if match and is_open and "uvicorn" in bare and path not in configs:
                said = make_saying("forwarded_allow_ips", "*", path, bare, match.start())
                yield from _credulous([said], "uvicorn", is_peer_forged=True)

    def _gunicorns(self, sayings: Iterable[Saying]) -> Iterator[Credulity]:
        texts = [each.text for each in self.commands if each.program == "gunicorn"]
        texts += [text for _, text in self.configs]
        yield from _credulous(
            sayings,
            "gunicorn",
            is_peer_forged=self._has_uvicorn_worker(None),
            is_on_socket=any(map(_ON_SOCKET.search, texts)),
        )

    def _has_uvicorn_worker(self, command: ServerCommand | None) -> bool:
        """Whether gunicorn's worker is uvicorn's, which rewrites the peer unless its class says otherwise."""
        own = _WORKER.search(command.text) if command is not None else None
        if own is not None:
            names = [own["name"]]
        else:
            names = [match[0] for _, text in self.configs for match in _WORKER_CLASS.finditer(text)]
            names += [each.text for each in self.arguments]
            if command is None:
                names += [each.text for each in self.commands if each.program == "gunicorn"]
        is_uvicorn = any(_UVICORN_WORKER.search(name) or self._is_subclass(name) for name in names)
        return is_uvicorn and not any(_PROXY_HEADERS_OFF.search(text) for _, text in self.served)

    def _is_subclass(self, name: str) -> bool:
        """Whether the class that ``name`` ends with is one of the project's, made of uvicorn's worker."""
        last = re.search(r"\.(\w+)\W*$", name)
        if last is None:
            return False
        made = re.compile(rf"^class[ \t]+{last[1]}\([^)]*uvicorn\w*worker", re.MULTILINE | re.IGNORECASE)
        return any(made.search(text) for _, text in self.served)


def _flag(command: ServerCommand) -> Saying | None:
    """What the command's own option says; the last one counts."""
    match = next(reversed(list(_FLAG.finditer(command.text))), None)
    if match is None:
        return None
    return Saying(
        setting="--forwarded-allow-ips",
        value=match["value"].rstrip(","),
        place=command.place,
        at=command.at_position(match.start()),
    )


def _is_foreign(facts: Facts, command: ServerCommand) -> bool:
    """Whether it serves another program: a module that has no file among the project's own."""
    modules = [match["module"] for match in _APPLICATION.finditer(command.text)]
    return bool(modules) and not any(_is_own(facts, module) for module in modules)


def _is_own(facts: Facts, module: str) -> bool:
    if re.search("wsgi|asgi", module):
        return True
    path = module.replace(".", "/")
    ends = (f"/{path}.py", f"/{path}/__init__.py")
    return any(f"/{each}".endswith(ends) for each in facts.files.python)


def _is_open(command: ServerCommand) -> bool:
    return _RUNS_SITE.search(command.text) is not None and not _KEPT_OUT.search(command.text)


def _credulous(
    sayings: Iterable[Saying], program: str, *, is_peer_forged: bool, is_on_socket: bool = False
) -> Iterator[Credulity]:
    reader = "uvicorn" if is_peer_forged else program
    for each in sayings:
        if is_everybody(each.value, reader):
            yield Credulity(
                program=program,
                setting=each.setting,
                value=each.value,
                place=each.place,
                at=each.at,
                is_peer_forged=is_peer_forged,
                is_on_socket=is_on_socket,
            )
