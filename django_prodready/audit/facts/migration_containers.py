"""The commands by which a platform starts containers of the site, as the deployment files say.

The files are searched, not parsed: they may be templates. Jobs that run once are left out: a Procfile's
``release``, a service with ``restart: "no"`` or profiles, a Kubernetes Job, what runs ahead of a deployment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit.facts.migration_shell import is_development
from django_prodready.audit.facts.migration_yaml import documents, joined_values, services
from django_prodready.audit.facts.proxy import is_elsewhere

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["Command", "find_commands", "found_in", "renamed", "uncommented"]

IMAGES = ("Dockerfile*", "*.dockerfile", "Containerfile*")
_COMPOSE = ("*compose*.yml", "*compose*.yaml")
_MANIFESTS = ("*.yml", "*.yaml")
_PRODUCTION = re.compile(r"(?:^|[._/-])prod(?:uction)?(?:[._/-]|$)", re.IGNORECASE)
# Compose reads it by itself beside the main file, on the machines of developers.
_OVERRIDE = re.compile(r"compose\.override\.ya?ml$")
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#.*$", re.MULTILINE)
_INSTRUCTION = re.compile(r"^[ \t]*(FROM|CMD|ENTRYPOINT|COPY|ADD)[ \t]+(.*)$", re.MULTILINE | re.IGNORECASE)
_STAGE = re.compile(r"\bAS[ \t]+([\w.-]+)", re.IGNORECASE)
# A service that runs once. https://docs.docker.com/reference/compose-file/services/#restart
_ONCE = re.compile(
    r"""^[ \t]+(?:restart:[ \t]*["']?no["']?[ \t]*$|profiles:|condition:[ \t]*["']?none\b"""
    r"""|mode:[ \t]*["']?\w+-job\b)""",
    re.MULTILINE,
)
_WORKLOAD = re.compile(
    r"^kind:[ \t]*[\"']?(Deployment|StatefulSet|DaemonSet|ReplicaSet|Rollout)\b", re.MULTILINE
)
_ONE_REPLICA = re.compile(r"^[ \t]+replicas:[ \t]*1[ \t]*$", re.MULTILINE)
_CONTAINERS = re.compile(r"^[ \t-]*(initContainers|containers):", re.MULTILINE)
_PROCESS = re.compile(r"^(?!release[ \t]*:)([\w-]+)[ \t]*:[ \t]*(.+)$", re.MULTILINE)
_START_KEY = re.compile(r"""^[ \t"'-]*startCommand["']?[ \t]*[:=][ \t]*(.+)$""", re.MULTILINE)
_NIXPACKS = re.compile(r"""^\[start\][^\[]*?^cmd[ \t]*=[ \t]*(.+)$""", re.MULTILINE)
_FLY = re.compile(r"""^\[processes\][^\n]*\n((?:(?!\[)[^\n]*\n?)*)""", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What one container is started with."""

    file: str
    text: str
    offset: int  # of the text in its file
    words: str  # "the service web"
    needs_server: bool = True  # False: it runs before the site in each replica, whatever it is


def find_commands(facts: Facts) -> Iterator[Command]:
    """Find the commands of images, Compose services, Kubernetes workloads and platforms."""
    for file, text in _of_production(found_in(facts, *IMAGES)):
        yield from _image(file, text)
    for file, text in _of_production(found_in(facts, *_COMPOSE)):
        yield from _compose(file, text)
    for file, text in found_in(facts, *_MANIFESTS):
        yield from _kubernetes(file, text)
    yield from _platforms(facts)


def renamed(facts: Facts) -> dict[str, str]:
    """Return the files that an image has under another name, by that name without folder."""
    found = {}
    for _, text in found_in(facts, *IMAGES):
        for match in _instructions(text):
            words = [word for word in match[2].split() if not word.startswith("--")]
            if match[1].upper() in ("COPY", "ADD") and len(words) == 2 and not words[1].endswith(("/", ".")):
                found[_name(words[1])] = words[0].removeprefix("./")
    return found


def found_in(facts: Facts, *globs: str) -> list[tuple[str, str]]:
    """Read those of the files that are not called as something else than production, comments blanked out."""
    paths = [path for path in facts.files.matching(*globs) if not is_elsewhere(path)]
    return [(path, uncommented(facts.files.read(path) or "")) for path in paths]


def uncommented(text: str) -> str:
    """Blank out comments; every character keeps its place."""
    return _COMMENT.sub(lambda match: " " * len(match[0]), text)


def _of_production(found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Leave out the others where some are named for production: they are for development."""
    kept = [(file, text) for file, text in found if not _OVERRIDE.search(file)]
    return [pair for pair in kept if _PRODUCTION.search(pair[0])] or kept


def _instructions(text: str) -> Iterator[re.Match[str]]:
    yield from _INSTRUCTION.finditer(text.replace("\\\n", "  "))


def _image(file: str, text: str) -> Iterator[Command]:
    """Yield the commands of each stage, but those of stages for development."""
    stages: list[list[re.Match[str]]] = [[]]
    for match in _instructions(text):
        if match[1].upper() == "FROM":
            stages.append([])
        stages[-1].append(match)
    for stage in stages:
        name = _STAGE.search(stage[0][2]) if stage else None
        commands = [match for match in stage if match[1].upper() in ("CMD", "ENTRYPOINT")]
        is_developers = any(is_development(match[2]) for match in commands)
        if is_developers or (name and is_elsewhere(name[1])):
            continue
        for match in commands:
            yield Command(file=file, text=match[2], offset=match.start(2), words=f"the {match[1].upper()}")


def _compose(file: str, text: str) -> Iterator[Command]:
    for name, start, end in services(text):
        if not _ONCE.search(text, start, end):
            for offset, value in joined_values(text, start, end, ("entrypoint", "command")):
                yield Command(file=file, text=value, offset=offset, words=f"the service {name}")


def _kubernetes(file: str, text: str) -> Iterator[Command]:
    for start, end in documents(text):
        kind = _WORKLOAD.search(text, start, end)
        if kind is None:
            continue
        lists = list(_CONTAINERS.finditer(text, start, end))
        for offset, value in joined_values(text, start, end, ("command", "args")):
            above = [match[1] for match in lists if match.start() < offset]
            is_first = above[-1:] == ["initContainers"]
            # One at a time: no other replica runs it meanwhile.
            if not is_first or not _ONE_REPLICA.search(text, start, end):
                words = f"the {kind[1]}'s init container" if is_first else f"the {kind[1]}"
                yield Command(file=file, text=value, offset=offset, words=words, needs_server=not is_first)


def _platforms(facts: Facts) -> Iterator[Command]:
    for file, text in found_in(facts, "Procfile*"):
        yield from _matches(file, text, _PROCESS, 0)
    for file, text in found_in(facts, "railway.toml", "railway.json", "render.yaml"):
        yield from _matches(file, text, _START_KEY, 0)
    for file, text in found_in(facts, "nixpacks.toml"):
        yield from _matches(file, text, _NIXPACKS, 0)
    for file, text in found_in(facts, "fly.toml"):
        yield from _matches(file, text, _FLY, 0)


def _matches(file: str, text: str, pattern: re.Pattern[str], start: int) -> Iterator[Command]:
    for match in pattern.finditer(text, start):
        last = match.lastindex or 0
        words = f"the process {match[1]}" if last > 1 else "the start command"
        yield Command(file=file, text=match[last], offset=match.start(last), words=words)


def _name(path: str) -> str:
    return path.rpartition("/")[2]
