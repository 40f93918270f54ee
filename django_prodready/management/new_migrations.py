"""Judges the migrations that makemigrations has just written, where ``LINT_NEW_MIGRATIONS`` asks for it.

Django has no signal for it, so the command is overridden; but an app that is listed after this one may have
overridden it too. So ours stands on the next one in line, whichever that is, and changes nothing of it.
https://docs.djangoproject.com/en/stable/howto/custom-management-commands/#overriding-commands

What judges is imported when it is asked: without the setting, makemigrations takes no longer than before.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.management import find_commands
from django.db import DEFAULT_DB_ALIAS

from django_prodready.conf import get_config

if TYPE_CHECKING:
    from django.core.management.base import BaseCommand

    from django_prodready.audit.facts import Facts
    from django_prodready.migration_safety.lint import Linted
    from django_prodready.migration_safety.model import Key

OWN = "django_prodready"


def next_command(name: str) -> type[BaseCommand]:
    """Return the command that Django would run if this app had none: another app's, or Django's own."""
    places = [(config.name, Path(config.path, "management")) for config in apps.get_app_configs()]
    position = next((number for number, (app, _) in enumerate(places) if app == OWN), len(places))
    after = (app for app, folder in places[position + 1 :] if name in find_commands(str(folder)))
    module = importlib.import_module(f"{next(after, 'django.core')}.management.commands.{name}")
    command: type[BaseCommand] = module.Command
    return command


def judge_new(keys: Iterable[Key], tell: Callable[[str], object]) -> None:
    """Judge migrations that were just written from their operations, and tell what is not safe.

    Opens no database. What goes wrong with it is told too, and raised never: the files are written.
    """
    if not get_config().lint_new_migrations:
        return
    from django_prodready.audit.project import facts_of_process, redactor_for
    from django_prodready.reporting.safe_errors import safe_exception_text

    facts = facts_of_process()
    try:
        importlib.invalidate_caches()
        # What migrations print must not stand among the paths of --scriptable.
        with contextlib.redirect_stdout(sys.stderr):
            found = [_lint(key, facts) for key in keys]
    except (Exception, SystemExit) as error:  # noqa: BLE001 - migrations are code, which may raise anything
        told = safe_exception_text(error, redactor_for(facts))
        tell(f"The new migrations could not be judged: {told}. Run manage.py prodmigrate --lint.")
        return
    for linted in found:
        _tell_unsafe(linted, tell)


def _lint(key: Key, facts: Facts) -> Linted:
    from django_prodready.audit.project import redactor_for
    from django_prodready.migration_safety.lint import Request, lint
    from django_prodready.migration_safety.plan import Selection

    app_label, name = key
    return lint(
        Request(
            selection=Selection(app_label=app_label, name=name),
            alias=DEFAULT_DB_ALIAS,
            root=facts.root,
            redactor=redactor_for(facts),
            asks_sizes=False,
        )
    )


def _tell_unsafe(linted: Linted, tell: Callable[[str], object]) -> None:
    from django_prodready.migration_safety.model import Verdict
    from django_prodready.migration_safety.renderers import FORMATS, View
    from django_prodready.reporting.finding import Severity
    from django_prodready.reporting.terminal import Style

    if any(one.verdict is not Verdict.SAFE for one in linted.report.judgements):
        view = View(style=Style(colour=False), fail_level=Severity.ERROR)
        tell(FORMATS["text"](linted, view))
