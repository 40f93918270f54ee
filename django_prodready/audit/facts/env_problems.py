"""What the classes of django_prodready.settings refused, by the check that tells it: each once."""

from __future__ import annotations

import enum
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

from django_prodready.settings.environment.build import BUILD_VARIABLE
from django_prodready.settings.environment.problems import Problem, SettingsError
from django_prodready.settings.settling import fields_of

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["Kind", "class_of", "kind_of", "refused", "refused_as", "target_of"]


class Kind(enum.Enum):
    """What is wrong with a variable; ``CLASS`` is of a choice in the settings, and of no variable."""

    MISSING = "missing"
    INVALID = "invalid"
    PLACEHOLDER = "placeholder"
    VALUE_AND_FILE = "value and file"
    FILE = "file"
    WHITESPACE = "whitespace"
    BUILD = "build"
    CLASS = "class"


_SETTLING = fields_of.__module__

# By the rule that the reader tells; the tests compare them with what it says.
_KINDS: tuple[tuple[Kind, Callable[[Problem], bool]], ...] = (
    (Kind.MISSING, lambda problem: problem.is_missing),
    (Kind.BUILD, lambda problem: problem.variable == BUILD_VARIABLE and "placeholders" in problem.rule),
    (Kind.VALUE_AND_FILE, lambda problem: problem.rule.startswith("set beside ")),
    (Kind.FILE, lambda problem: problem.rule.startswith("the file that it names ")),
    (Kind.WHITESPACE, lambda problem: problem.rule.endswith("blank or line break before or after it")),
    (Kind.PLACEHOLDER, lambda problem: problem.rule.endswith("found a placeholder")),
)


def refused(error: BaseException | None) -> tuple[tuple[Kind, Problem], ...]:
    """Return every problem that the loading of the settings ended with; none for other errors than ours."""
    if not isinstance(error, SettingsError):
        return ()
    known = _variables(class_of(error))
    return tuple((kind_of(problem, known), problem) for problem in error.problems)


def refused_as(facts: Facts, kind: Kind) -> tuple[Problem, ...]:
    """Return the problems of one kind."""
    return tuple(problem for found, problem in refused(facts.load_failure) if found is kind)


def kind_of(problem: Problem, known: frozenset[str] | None) -> Kind:
    """Tell the kind of a problem; ``known`` are the variables of the class, None when it is not known."""
    # A problem of a class names it; one of a field in the module itself has no class.
    if known is not None and problem.mixin and problem.variable not in known:
        return Kind.CLASS
    return next((kind for kind, fits in _KINDS if fits(problem)), Kind.INVALID)


def target_of(problem: Problem) -> str:
    """Say what the variable is for: " (for STRIPE of Settings)", " (for Security)"; empty when unknown."""
    target = " of ".join(filter(None, [problem.setting, problem.mixin]))
    return f" (for {target})" if target else ""


def class_of(error: BaseException) -> type | None:
    """Return the class of settings that refused, from the frame that raised; None when there is none."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if (frame.f_globals.get("__name__"), frame.f_code.co_name) == (_SETTLING, "settle"):
            return type(frame.f_locals["instance"])
    return None


def _variables(cls: type | None) -> frozenset[str] | None:
    if cls is None:
        return None
    return frozenset(name for field in fields_of(cls) for name in (field.variable, f"{field.variable}_FILE"))
