"""What variables say of whose forwarding headers to believe, in the environment and in files.

gunicorn and uvicorn read FORWARDED_ALLOW_IPS, uvicorn also UVICORN_FORWARDED_ALLOW_IPS.

gunicorn: https://docs.gunicorn.org/en/stable/settings.html#forwarded-allow-ips
uvicorn: https://uvicorn.dev/settings/#http
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit.facts.process import initial_environ
from django_prodready.audit.facts.proxy import is_elsewhere, without_comments
from django_prodready.audit.facts.server_commands import server_names, server_texts
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["Saying", "in_environment", "in_variables", "is_everybody", "make_saying", "only_server"]

_ENVIRONMENT_FILES = (".env*", "*.env", "**/.envs/**", "*.toml", "*.tf", "app.json")
# NAME=*, NAME: "*", NAME *, {name: NAME, value: "*"} in any spelling, {"NAME": {"value": "*"}};
# not $NAME, nor get("NAME", "*").
_VARIABLE = re.compile(
    r"""(?<![\w${])(?P<name>(?:UVICORN_)?FORWARDED_ALLOW_IPS)["']?"""
    r"""(?:[ \t]*:\s*\{[^{}]*?["']value["']\s*:\s*|[ \t]*[:=][ \t]*|[ \t]+(?=["'*\d])"""
    r"""|,?\s+["']?value["']?[ \t]*[:=][ \t]*)["']?(?P<value>[^\s"'&;]+)"""
)

_COMPOSE = re.compile(r"compose[^/]*\.ya?ml$")
_SERVICES = re.compile(r"^services:[ \t]*\n(?P<body>(?:(?:[ \t#].*)?\n)*)", re.MULTILINE)
_IMAGE = re.compile(r"""^[ \t]+image:[ \t]*["']?(?P<name>[^\s"']+)""", re.MULTILINE)
_BUILD = re.compile(r"^[ \t]+build:", re.MULTILINE)
_RUNS_SERVER = re.compile(r"^(?![ \t]*image:).*\b(?:gunicorn|uvicorn)\b", re.MULTILINE)
# What a project runs beside its server, from the same image.
_RUNS_WORKER = re.compile(
    r"^[ \t]+(?:command|entrypoint):.*\b(?:celery|flower|rqworker|dramatiq|rundramatiq|run_huey|qcluster)\b",
    re.MULTILINE,
)

_REQUIREMENTS = (
    "*requirements*.txt", "*requirements*.in", "**/requirements/**", "pyproject.toml", "Pipfile", "setup.py",
    "setup.cfg",
)  # fmt: skip
_REQUIRED = re.compile(
    r"(?<![\w./-])(?P<name>daphne|granian|gunicorn|hypercorn|mod_wsgi|uvicorn|uwsgi|waitress)(?:[_-]worker)?(?![\w-])"
)
_IMPORTABLE = ("daphne", "granian", "gunicorn", "hypercorn", "uvicorn", "waitress")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One place that says whom to believe; a value that is computed is believed to be narrow."""

    setting: str
    value: str
    place: str
    at: Location | None


def make_saying(setting: str, value: str, place: str, text: str, position: int) -> Saying:
    """Return what ``place``, whose text is ``text``, says at ``position``."""
    at = Location(place, text.count("\n", 0, position) + 1)
    return Saying(setting=setting, value=value, place=place, at=at)


def in_environment(facts: Facts) -> tuple[Saying, ...]:
    """Return what the environment says that the audit itself was started with."""
    environ = initial_environ(facts.environ)
    return tuple(
        Saying(setting=name, value=environ[name], place="the environment", at=None)
        for name in ("FORWARDED_ALLOW_IPS", "UVICORN_FORWARDED_ALLOW_IPS")
        if environ.get(name)
    )


def in_variables(facts: Facts) -> tuple[Saying, ...]:
    """Return what variables say; nothing at all when one of them says something narrower than everybody."""
    sayings = (*in_environment(facts), *_in_files(facts))
    return sayings if all(is_everybody(each.value, "gunicorn") for each in sayings) else ()


def is_everybody(value: str, reader: str) -> bool:
    """Whether nobody is left out: to uvicorn, "*" beside others is the name of a socket."""
    entries = [entry.strip() for entry in value.split(",") if entry.strip()]
    if "*" in entries and (len(entries) == 1 or reader == "gunicorn"):
        return True
    return any(map(_is_whole_internet, entries))


def only_server(facts: Facts) -> str | None:
    """Name the server that the project requires, and that reads them; None when another may serve it.

    "uvicorn" where both are required: gunicorn's workers may be uvicorn's. Where no file tells what the
    project requires, what is installed counts.
    """
    texts = [
        without_comments(facts.files.read(path) or "").lower()
        for path in facts.files.matching(*_REQUIREMENTS)
        if not is_elsewhere(path)
    ]
    names = server_names(facts) | {match["name"] for text in texts for match in _REQUIRED.finditer(text)}
    if not texts:
        names |= {name for name in _IMPORTABLE if facts.is_installed(name)}
    if not names or names - {"gunicorn", "uvicorn"} or facts.has_app("daphne"):
        return None
    return "uvicorn" if "uvicorn" in names else "gunicorn"


def _in_files(facts: Facts) -> Iterator[Saying]:
    texts = dict(server_texts(facts))
    for path in facts.files.matching(*_ENVIRONMENT_FILES):
        if not is_elsewhere(path):
            texts[path] = without_comments(facts.files.read(path) or "")
    for place, text in texts.items():
        for match in _VARIABLE.finditer(text):
            if not (_COMPOSE.search(place) and _is_another_service_s(text, match.start())):
                yield make_saying(match["name"], match["value"].rstrip(",}"), place, text, match.start())


def _is_another_service_s(text: str, position: int) -> bool:
    """Whether a Compose file says it to a service that is no server of the project's."""
    services = dict(_services(text))
    own = next((block for span, block in services.items() if span[0] <= position < span[1]), None)
    if own is None or _RUNS_SERVER.search(own):
        return False
    if _RUNS_WORKER.search(own):
        return True
    image = _IMAGE.search(own)
    if image is None or _BUILD.search(own):
        return False
    others = [block for block in services.values() if block is not own]
    built = [block for block in others if _BUILD.search(block)]
    is_same = any((found := _IMAGE.search(block)) and found["name"] == image["name"] for block in built)
    return not is_same and (bool(built) or any(map(_RUNS_SERVER.search, others)))


def _services(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield each service of a Compose file: where it begins and ends, and its text."""
    found = _SERVICES.search(text)
    if found is None:
        return
    names = list(re.finditer(r"^([ \t]+)[\w.\"'-]+:", found["body"], re.MULTILINE))
    heads = [match.start() for match in names if match[1] == names[0][1]]
    offset = found.start("body")
    for start, end in zip(heads, [*heads[1:], len(found["body"])], strict=True):
        yield (offset + start, offset + end), found["body"][start:end]


def _is_whole_internet(entry: str) -> bool:
    try:
        return ipaddress.ip_network(entry).prefixlen == 0
    except ValueError:
        return False
