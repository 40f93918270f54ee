"""What is wrong with the environment and the class, collected and told at once. Never shows a value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

__all__ = ["Problem", "SettingsError", "UnresolvedError"]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One wrong or missing variable, or one choice of the class that cannot be."""

    variable: str
    """The environment variable, or the attribute of the class."""
    rule: str
    """What is expected, without a full stop and without the value."""
    setting: str = ""
    """The setting that it is for; empty when it is the same name."""
    mixin: str = ""
    """The class that declared it."""
    example: str = ""
    help: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether the variable is not set at all."""
        return self.rule.startswith(MISSING)


MISSING = "required, not set"
_CLOSING = "No value is shown. All variables: python -m django_prodready settings --env-template"


class UnresolvedError(Exception):
    """A value is not known, because of a problem that has been noted already."""


class SettingsError(ImproperlyConfigured):
    """Every problem of the settings in one message. ``problems`` are its parts."""

    def __init__(self, problems: Sequence[Problem], module: str = "") -> None:
        """``module`` is the settings module, for the command that lists all variables."""
        self.problems = tuple(problems)
        self.module = module
        super().__init__(message_of(self.problems, module))

    def __reduce__(self) -> tuple[type[SettingsError], tuple[tuple[Problem, ...], str]]:
        return type(self), (self.problems, self.module)


def message_of(problems: Sequence[Problem], module: str) -> str:
    """Return the message: how many, one line for each, and where the whole list of variables is."""
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    width = max((len(problem.variable) for problem in problems), default=0)
    lines = [f"  {problem.variable:<{width}}  {_said(problem)}" for problem in problems]
    closing = f"{_CLOSING} --settings {module}" if module else _CLOSING
    return "\n".join([f"{count} with the settings, nothing was started:", *lines, closing])


def _said(problem: Problem) -> str:
    is_shown = problem.is_missing or problem.rule.startswith("expected")
    example = f", for example {problem.example}" if problem.example and is_shown else ""
    mixin = problem.mixin if problem.mixin != problem.variable else ""
    target = " of ".join(part for part in (problem.setting, mixin) if part)
    return f"{problem.rule}{example}" + (f"  -> {target}" if target else "")


def distinct(problems: Iterable[Problem]) -> list[Problem]:
    """Return each problem once, by the first class that met it, in the order in which they were met."""
    seen: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.variable, problem.rule), problem)
    return list(seen.values())
