"""The base of all settings classes, for a plain module and for django-configurations."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from django_prodready.settings import records
from django_prodready.settings.declared import option
from django_prodready.settings.environment.build import is_build_command, is_serving
from django_prodready.settings.environment.reading import Reading
from django_prodready.settings.settling import Settled, settle

if TYPE_CHECKING:
    from django_prodready.settings.draft import Draft

__all__ = ["SettingsMixin"]


class SettingsMixin:
    """A class of settings. Its upper-case attributes are settings; fields are read when it is applied.

    In a plain module call :meth:`apply` at its end. Beside ``configurations.Configuration`` it needs no call.
    """

    SAME_MIDDLEWARE: Mapping[str, str] = option(
        {},
        help="Middleware of your own, each with the well-known one that it stands for.",
    )

    @classmethod
    def apply(cls, namespace: dict[str, Any], environ: Mapping[str, str] | None = None) -> None:
        """Put the settings into ``namespace``, the ``globals()`` of a settings module.

        What the module has already, lists and dicts above all, is the ground that the class changes; what
        the class does not speak of stays. ``environ`` is the process's environment unless given. Applying
        twice gives the same.

        Raises :class:`django.core.exceptions.ImproperlyConfigured` with every problem at once, and then
        changes nothing.
        """
        instance = object.__new__(cls)
        module = {name: value for name, value in namespace.items() if name.isupper()}
        settled = _settled(instance, module, environ, str(namespace.get("__name__", "")))
        for name in settled.removed:
            namespace.pop(name, None)
        namespace.update(settled.values)

    def __init__(self) -> None:
        """Settle at once: this is how django-configurations makes the one class that was chosen."""
        super().__init__()
        try:
            settled = _settled(self, None, None, type(self).__module__)
        except ImproperlyConfigured:
            # The loader has put the module into sys.modules before this: found there again, half made, it
            # would pass for settings, and the first thing that is missing in them would be told instead.
            sys.modules.pop(os.environ.get("DJANGO_SETTINGS_MODULE", ""), None)
            raise
        self.__dict__["_settled"] = settled.values

    def __dir__(self) -> list[str]:
        """List the settings, without the options of the class: django-configurations takes what is listed."""
        settled = self.__dict__.get("_settled")
        if settled is None:
            return sorted(super().__dir__())
        return sorted({name for name in super().__dir__() if not name.isupper()} | settled.keys())

    if TYPE_CHECKING:
        pass  # An instance with __getattribute__ has every attribute there is, to type checkers.
    else:

        def __getattribute__(self, name: str) -> Any:
            """Return the setting once it is settled: a property would give what it was before."""
            if name.isupper():
                settled = self.__dict__.get("_settled") or {}
                if name in settled:
                    return settled[name]
            return super().__getattribute__(name)

    def transform(self, draft: Draft) -> None:
        """Change settings that the project has. Each class's own is called, bases first: no ``super()``."""
        apps = draft.sequence("INSTALLED_APPS")
        if not any(str(app).startswith("django_prodready.apps.") for app in apps):
            draft.append("INSTALLED_APPS", "django_prodready")

    def conclude(self, draft: Draft) -> None:
        """Change or refuse what follows from all transforms together; called after all of them."""


def _settled(
    instance: SettingsMixin, module: Mapping[str, Any] | None, environ: Mapping[str, str] | None, name: str
) -> Settled:
    may_build = is_build_command(sys.argv) and not is_serving()
    reading = Reading(os.environ if environ is None else environ, may_build=may_build)
    given = frozenset(name for name, value in (module or {}).items() if value)
    record = records.Record(cls=type(instance), module=name, is_build=reading.is_build, given=given)
    records.remember(record)
    settled = settle(instance, module, reading, name)
    record.seen = {name: records.mark_of(value) for name, value in settled.values.items()}
    record.origins, record.removed, record.is_settled = settled.origins, settled.removed, True
    return settled
