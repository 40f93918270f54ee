"""The project's Celery configuration, however it is given: Django's settings, a module, the application.

Celery is neither imported nor asked to load its configuration. An application that this process has loaded
anyway is asked for what it was given; otherwise the project's source is read.
https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django_prodready.audit.facts.celery_names import OLD_NAMES, OPTIONS
from django_prodready.audit.facts.celery_source import (
    AppSource,
    Written,
    assignments,
    find_apps,
    imports_celery,
)
from django_prodready.audit.facts.celery_values import COMPUTED, seconds
from django_prodready.audit.facts.chain_modules import find_source
from django_prodready.audit.facts.effective import all_values
from django_prodready.audit.facts.files import read_bytes
from django_prodready.audit.model import NotApplicable, NotRun
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["CelerySetting", "CelerySettings", "celery_settings", "find_celery_settings"]

NOT_USED = "the project does not use Celery"

# Celery prefers these variables to its configuration.
_VARIABLES: Mapping[str, str] = {
    "broker_url": "CELERY_BROKER_URL",
    "broker_read_url": "CELERY_BROKER_READ_URL",
    "broker_write_url": "CELERY_BROKER_WRITE_URL",
    "result_backend": "CELERY_RESULT_BACKEND",
}
# Not such as DATABASE_URL or SECURITY_KEY, which are Celery's, too, where there is no namespace.
_TELLING = frozenset(
    {f"CELERY_{option.upper()}" for option in OPTIONS}
    | {old for old in OLD_NAMES.values() if old.startswith("CELERY")}
    | {"BROKER_URL"}
)


@dataclass(frozen=True, slots=True)
class CelerySetting:
    """One option that the project sets."""

    name: str  # as the project writes it: "CELERY_TASK_TIME_LIMIT", "app.conf.task_time_limit"
    value: Any  # COMPUTED when only the source shows it, and not its value


class CelerySettings:
    """What the project's Celery application is configured with. Options are named as since Celery 4."""

    def __init__(self, facts: Facts, app: AppSource | None) -> None:
        self._facts = facts
        self._app = app
        self._django = all_values(facts.settings)
        loaded = None if app is None else _loaded_app(facts, app)
        self._given: Mapping[str, Any] = _given(app, loaded)
        namespace = "CELERY" if app is None else app.namespace
        self.namespace: str | None = getattr(loaded, "namespace", None) or namespace
        """What the names in Django's settings begin with, without the underscore; None when there is none."""
        self.is_django = app is None or app.is_django
        """Whether the configuration is in Django's settings."""

    def find(self, option: str) -> CelerySetting | None:
        """Return what the project sets ``option`` to; None when it leaves it to Celery's default."""
        variable = _VARIABLES.get(option, "")
        if self._facts.environ.get(variable):
            return CelerySetting(f"the environment's {variable}", self._facts.environ[variable])
        for name in self._candidates(option):
            if name in self._given:
                return CelerySetting(f"app.conf.{name}", self._given[name])
        for name in self._candidates(option):
            if self.is_django and name in self._facts.explicit:
                return CelerySetting(name, self._django[name])
            if name in self._module:
                return CelerySetting(name, self._module[name].value)
        return None

    def value(self, option: str) -> Any:
        """Return the value of ``option``; None when it is not set or not to be seen."""
        setting = self.find(option)
        return None if setting is None or setting.value is COMPUTED else setting.value

    def number(self, option: str) -> float | None:
        """Return the value of ``option`` as a number, in seconds where it is a time; None for none."""
        return seconds(self.value(option))

    def is_set(self, option: str) -> bool:
        """Whether the project sets ``option`` to something other than None."""
        setting = self.find(option)
        return setting is not None and setting.value is not None

    def name(self, option: str) -> str:
        """Return the name by which the project sets ``option``, or would set it."""
        setting = self.find(option)
        if setting is not None:
            return setting.name
        if self._app is not None and not self._app.is_configured:
            return f"app.conf.{option}"
        return next(self._candidates(option)) if not self.is_django or self.namespace else OLD_NAMES[option]

    def origin(self, option: str, *path: str | int) -> Location | None:
        """Return where ``option`` is set; None when it is not, or not to be seen."""
        setting = self.find(option)
        if setting is None or setting.name.startswith("the environment's "):
            return None
        bare = setting.name.removeprefix("app.conf.")
        if bare != setting.name:
            written = self._app.values.get(bare) if self._app else None
            return written.at if written else None
        if bare in self._module:
            return self._module[bare].at
        return self._facts.origin(bare, *path)

    @property
    def is_seen(self) -> bool:
        """Whether all of the configuration can be seen: not where an object of the project's own holds it."""
        return self._app is None or not self._app.is_configured or self.is_django or bool(self._module)

    @property
    def is_eager(self) -> bool:
        """Whether tasks run where they are called, without broker and worker."""
        return bool(self.value("task_always_eager"))

    @property
    def given(self) -> frozenset[str]:
        """The names that are set on the application itself."""
        return frozenset(self._given)

    def urls(self, option: str) -> tuple[str, ...]:
        """Return the addresses that ``option`` holds, several for failover. They hold secrets."""
        value = self.value(option)
        items = value if isinstance(value, list | tuple) else (value,)
        texts = [item for item in items if isinstance(item, str)]
        return tuple(url.strip() for text in texts for url in text.split(";") if url.strip())

    def annotation(self, option: str) -> Any:
        """Return what ``task_annotations`` sets ``option`` to for every task; None for nothing."""
        annotations = self.value("task_annotations")
        of_all = annotations.get("*") if isinstance(annotations, Mapping) else None
        return of_all.get(option) if isinstance(of_all, Mapping) else None

    @functools.cached_property
    def _module(self) -> Mapping[str, Written]:
        """What the module of configuration assigns, where it is one."""
        module = self._app.module if self._app else None
        path = find_source(module, root=self._facts.root) if module else None
        content = read_bytes(path) if path else None
        if path is None or content is None:
            return {}
        text = content.decode("utf-8", "replace")
        return assignments(text, self._facts.files.relative(path), self._django)

    def _candidates(self, option: str) -> Iterator[str]:
        """Yield the names that Celery looks ``option`` up under."""
        if self.namespace:
            name = f"{self.namespace}_{option}"
            yield name.upper() if self.namespace.isupper() else name.lower()
        yield option
        if option in OLD_NAMES:
            yield OLD_NAMES[option]


def celery_settings(facts: Facts) -> CelerySettings:
    """Return the configuration.

    Raises NotApplicable when the project does not use Celery, and NotRun when the configuration is not to be
    seen without running the project's code.
    """
    found = find_celery_settings(facts)
    if found is None:
        raise NotApplicable(NOT_USED)
    if not found.is_seen:
        raise NotRun("the source does not show where Celery's configuration is")
    return found


@functools.lru_cache(maxsize=1)
def find_celery_settings(facts: Facts) -> CelerySettings | None:
    """Return the configuration; None when the project does not use Celery. That it is installed is no use."""
    apps = find_apps(facts, all_values(facts.settings))
    if apps:
        return CelerySettings(
            facts, max(apps, key=lambda app: (_module_of(facts, app) is not None, app.is_django))
        )
    is_used = imports_celery(facts) or not _TELLING.isdisjoint(facts.explicit)
    return CelerySettings(facts, None) if is_used else None


def _module_of(facts: Facts, app: AppSource) -> object | None:
    path = str(facts.root / app.file)
    return next(
        (each for each in list(sys.modules.values()) if getattr(each, "__file__", None) == path), None
    )


def _loaded_app(facts: Facts, app: AppSource) -> object | None:
    """Return the application itself, where its module is loaded."""
    found = getattr(_module_of(facts, app), app.variable, None)
    is_celery = any(base.__module__ == "celery.app.base" for base in type(found).__mro__)
    return found if is_celery else None


def _given(app: AppSource | None, loaded: Any) -> Mapping[str, Any]:
    """Return what was set on the application itself, without making it load its configuration."""
    if loaded is None:
        return {} if app is None else {name: written.value for name, written in app.values.items()}
    # Reading `conf` loads the configuration, once, and sends the project's signals.
    values: Mapping[str, Any] = loaded.conf.changes if loaded.configured else loaded._preconf
    return dict(values)
