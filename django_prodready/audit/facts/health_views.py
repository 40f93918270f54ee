"""The project's own views at its health paths: their source, and what they answer in an outage.

A view is run in process, in the sandbox that refuses database, network, mail and files: to a health
view that is an outage of everything it asks. Our own endpoints are never asked; they are known.
"""

from __future__ import annotations

import inspect
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from django.urls import get_resolver

from django_prodready.audit.facts import sandbox
from django_prodready.audit.facts.code_text import source_of
from django_prodready.audit.facts.guards import MARK
from django_prodready.audit.facts.own_health import OWN_ROOM
from django_prodready.audit.facts.routes import view_behind
from django_prodready.audit.model import NotApplicable, NotRun
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.requests import Answer

__all__ = ["HealthViews", "Outage"]

_RESOLVE_LIMIT_S = 30.0
_MOST_HELPERS = 20
_PATIENCE_S = 0.5  # for all paths but the one that is asked last: a check has some seconds
# Refused as well, and no dependency that is outside the process's own machine.
_AT_HOME = frozenset({"a file", "a session file", "a subprocess", "the file cache", "the storage"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """What one health path answers while nothing outside the process can be reached."""

    path: str
    answer: Answer
    needs: tuple[str, ...]  # what the view asked for in vain, such as "the database (default)"
    at: Location | None  # of the view, when it is in a file of the project

    @property
    def tells(self) -> bool:
        """Whether the answer is the view's own work, rather than what Django makes of an exception."""
        return self.answer.reached_view and self.answer.exception is None

    @property
    def leaks(self) -> bool:
        """Whether the view's answer shows the text of the exception that it met."""
        return self.tells and MARK in self.answer.body


class HealthViews:
    """The views behind ``facts.health_paths``. Each is run once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._views: dict[str, Any] = {}
        self._outages: dict[str, Outage | NotRun] = {}
        self._spent_s = 0.0

    @property
    def paths(self) -> tuple[str, ...]:
        """The health paths that are not answered by us."""
        ours = {own.path.strip("/") for own in self._facts.own_health}
        return tuple(
            path
            for path in self._facts.health_paths
            if path.strip("/") not in ours and not self._is_ours(path)
        )

    def view(self, path: str) -> Any:
        """Return the function or class that answers ``path``; None when the URLconf has none."""
        if path not in self._views:
            try:
                self._views[path], _ = sandbox.run(lambda: _resolve(path), limit_s=_RESOLVE_LIMIT_S)
            except (Exception, SystemExit):  # noqa: BLE001 - any code may run while a URLconf is imported
                self._views[path] = None
        return self._views[path]

    def outages(self) -> tuple[Outage, ...]:
        """Ask every path that is not ours, as a guest of the site.

        Raises :class:`NotApplicable` when there is none, :class:`NotRun` when none could be asked.
        """
        if not self.paths:
            raise NotApplicable("no health path of the project's own was found")
        found = [self._outage(path) for path in self.paths]
        asked = tuple(each for each in found if isinstance(each, Outage))
        if not asked:
            raise next(each for each in found if isinstance(each, NotRun))
        return asked

    def source(self, path: str) -> str:
        """Return the source of the view and of the functions of the project that it calls; may be empty."""
        view = self.view(path)
        if not self._own_file(view):
            return ""
        parts = [view, *itertools.islice(self._helpers(view), _MOST_HELPERS)]
        return "\n".join(map(source_of, parts))

    def text(self, path: str) -> str:
        """Return the source of the view alone, whoever wrote it; may be empty."""
        return source_of(self.view(path))

    def location(self, path: str) -> Location | None:
        """Return where the view is written; None when that is not in the project."""
        view = self.view(path)
        file = self._own_file(view)
        return Location(file, max(inspect.getsourcelines(view)[1], 1)) if file and source_of(view) else None

    def _is_ours(self, path: str) -> bool:
        return str(getattr(self.view(path), "__module__", "")).startswith(OWN_ROOM)

    def _outage(self, path: str) -> Outage | NotRun:
        if path not in self._outages:
            start_s = time.monotonic()
            try:
                self._outages[path] = self._ask(path)
            except NotRun as reason:
                self._outages[path] = reason
            self._spent_s += time.monotonic() - start_s
        return self._outages[path]

    def _ask(self, path: str) -> Outage:
        if self._spent_s > _PATIENCE_S:
            raise NotRun(f"{path} was not asked: the paths before it took too long")
        requests = self._facts.requests
        # What the middleware asks for is not the view's doing, and a running site may remember it.
        passing = requests.send(path, **requests.as_https())
        answer = requests.send(path, real_view=True, **requests.as_https())
        needs = tuple(words for words in answer.blocked if words not in {*passing.blocked, *_AT_HOME})
        at = self.location(path)
        return Outage(path=path, answer=answer, needs=needs if answer.reached_view else (), at=at)

    def _own_file(self, view: Any) -> str:
        """The view's file, relative to the root; empty when it is not one of the project's."""
        try:
            file = self._facts.files.relative(Path(inspect.getfile(view)))
        except (OSError, TypeError):
            return ""
        return file if file in self._facts.files.served else ""

    def _helpers(self, view: Any) -> Iterator[Any]:
        """Yield the functions of the project that ``view`` calls by name, and those that they call."""
        queue = [view]
        for called in queue:  # grows while it is walked
            for function in _functions(called):
                names = _names(function.__code__)
                found = [function.__globals__.get(name) for name in names]
                for helper in found:
                    if isinstance(helper, FunctionType) and helper not in queue and self._own_file(helper):
                        queue.append(helper)
                        yield helper


def _resolve(path: str) -> Any:
    callback: Callable[..., Any] = get_resolver().resolve(path).func
    return view_behind(callback)


def _functions(view: Any) -> list[FunctionType]:
    members = vars(view).values() if inspect.isclass(view) else [view]
    return [member for member in members if isinstance(member, FunctionType)]


def _names(code: CodeType) -> list[str]:
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return [*code.co_names, *(name for each in inner for name in _names(each))]
