"""Whose forwarding headers the site's server is told to believe: who says "everybody", and what that lets in.

uvicorn, and its workers in gunicorn, put the leftmost address of X-Forwarded-For in the place of the peer,
and X-Forwarded-Proto in that of the scheme. gunicorn's own workers leave the peer alone, and take the scheme.

uvicorn: https://uvicorn.dev/deployment/proxies/
gunicorn: https://docs.gunicorn.org/en/stable/settings.html#forwarded-allow-ips
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit.facts.process import initial_environ
from django_prodready.audit.facts.proxy import is_elsewhere, without_comments
from django_prodready.audit.facts.server_commands import ServerCommand, find_commands, server_texts
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
_RUNS_SITE = re.compile(r"wsgi|asgi|\w:\w|\$")
_APPLICATION = re.compile(r"""(?<![\w./:-])(?P<module>[A-Za-z_][\w.]*):[A-Za-z_]\w*(?![\w./:-])""")

_ENVIRONMENT_FILES = (".env*", "*.env", "**/.envs/**", "*.toml", "*.tf", "app.json")
# NAME=*, NAME: "*", NAME *, {name: NAME, value: "*"} in any spelling, {"NAME": {"value": "*"}};
# not $NAME, nor get("NAME", "*").
_VARIABLE = re.compile(
    r"""(?<![\w${])(?P<name>(?:UVICORN_)?FORWARDED_ALLOW_IPS)["']?"""
    r"""(?:[ \t]*:\s*\{[^{}]*?["']value["']\s*:\s*|[ \t]*[:=][ \t]*|[ \t]+(?=["'*\d])"""
    r"""|,?\s+["']?value["']?[ \t]*[:=][ \t]*)["']?(?P<value>[^\s"'&;]+)"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credulity:
    """One place that has a server believe everybody."""

    program: str  # "gunicorn" or "uvicorn"
    setting: str  # "--forwarded-allow-ips", "forwarded_allow_ips", "FORWARDED_ALLOW_IPS"
    value: str  # what it is set to, such as "*"
    place: str
    at: Location | None
    is_peer_forged: bool  # else it is the scheme alone


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saying:
    """One place that says whom to believe; a value that is computed is believed to be narrow."""

    setting: str
    value: str
    place: str
    at: Location | None


def find_credulity(facts: Facts) -> tuple[Credulity, ...]:
    """Find every place that decides for a server, and says "everybody"."""
    return tuple(_Server(facts).credulity())


class _Server:
    """What starts the site, and what is said to it: by its command, its configuration, its variables."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        commands = [each for each in find_commands(facts) if not _is_foreign(facts, each)]
        self.commands = [each for each in commands if not each.is_arguments]
        self.arguments = [each for each in commands if each.is_arguments]
        texts = [*server_texts(facts)]
        self.configs = [(place, text) for place, text in texts if place.endswith(".py")]
        self.served = [
            (path, facts.files.read(path) or "") for path in facts.files.served if not is_elsewhere(path)
        ]

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
        variables = list(_variables(self._facts))
        if uvicorns:
            yield from _credulous(variables, "uvicorn", is_peer_forged=True)
        elif not arguments and not configured and (gunicorns or self.configs):
            plain = [each for each in variables if not each.setting.startswith("UVICORN_")]
            yield from self._gunicorns(plain)

    def _by_commands(self) -> Iterator[Credulity]:
        for command in self.commands:
            saying = _flag(command)
            if saying is not None and command.program == "gunicorn":
                is_forged = self._has_uvicorn_worker(command)
                yield from _credulous([saying], "gunicorn", is_peer_forged=is_forged)
            elif saying is not None and not _KEPT_OUT.search(command.text):
                yield from _credulous([saying], "uvicorn", is_peer_forged=True)

    def _configured(self) -> Iterator[_Saying]:
        for place, text in self.configs:
            for match in _CONFIGURED.finditer(text):
                yield _saying("forwarded_allow_ips", match["value"] or "", place, text, match.start())

    def _by_code(self) -> Iterator[Credulity]:
        configs = {place for place, _ in self.configs}
        for path, text in self.served:
            bare = without_comments(text)
            match = _IN_CODE.search(bare)
            is_open = not _PROXY_HEADERS_OFF.search(bare) and "reload=True" not in bare
            if match and is_open and "uvicorn" in bare and path not in configs:
                said = _saying("forwarded_allow_ips", "*", path, bare, match.start())
                yield from _credulous([said], "uvicorn", is_peer_forged=True)

    def _gunicorns(self, sayings: Iterable[_Saying]) -> Iterator[Credulity]:
        yield from _credulous(sayings, "gunicorn", is_peer_forged=self._has_uvicorn_worker(None))

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


def _flag(command: ServerCommand) -> _Saying | None:
    """What the command's own option says; the last one counts."""
    match = next(reversed(list(_FLAG.finditer(command.text))), None)
    if match is None:
        return None
    at = command.at
    if at is not None:
        at = Location(at.file, at.line + command.text.count("\n", 0, match.start()))
    return _Saying(
        setting="--forwarded-allow-ips", value=match["value"].rstrip(","), place=command.place, at=at
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


def _variables(facts: Facts) -> Iterator[_Saying]:
    """What variables say; nothing at all when one of them says something narrower."""
    sayings: dict[tuple[str, int], _Saying] = {}
    for name in ("FORWARDED_ALLOW_IPS", "UVICORN_FORWARDED_ALLOW_IPS"):
        value = initial_environ(facts.environ).get(name)
        if value:
            sayings[name, 0] = _Saying(setting=name, value=value, place="the environment", at=None)
    texts = [*server_texts(facts)]
    files = [path for path in facts.files.matching(*_ENVIRONMENT_FILES) if not is_elsewhere(path)]
    texts += [(path, without_comments(facts.files.read(path) or "")) for path in files]
    for place, text in texts:
        for match in _VARIABLE.finditer(text):
            saying = _saying(match["name"], match["value"].rstrip(",}"), place, text, match.start())
            sayings[place, match.start()] = saying
    if all(_is_everybody(each.value, "gunicorn") for each in sayings.values()):
        yield from sayings.values()


def _saying(setting: str, value: str, place: str, text: str, position: int) -> _Saying:
    at = Location(place, text.count("\n", 0, position) + 1)
    return _Saying(setting=setting, value=value, place=place, at=at)


def _credulous(sayings: Iterable[_Saying], program: str, *, is_peer_forged: bool) -> Iterator[Credulity]:
    reader = "uvicorn" if is_peer_forged else program
    for each in sayings:
        if _is_everybody(each.value, reader):
            yield Credulity(
                program=program,
                setting=each.setting,
                value=each.value,
                place=each.place,
                at=each.at,
                is_peer_forged=is_peer_forged,
            )


def _is_everybody(value: str, reader: str) -> bool:
    """Whether nobody is left out: to uvicorn, "*" beside others is the name of a socket."""
    entries = [entry.strip() for entry in value.split(",") if entry.strip()]
    if "*" in entries and (len(entries) == 1 or reader == "gunicorn"):
        return True
    return any(map(_is_whole_internet, entries))


def _is_whole_internet(entry: str) -> bool:
    try:
        return ipaddress.ip_network(entry).prefixlen == 0
    except ValueError:
        return False
