"""For authors of checks: judge a small project in one line.

>>> run_check("hosts.unmatchable", settings={"ALLOWED_HOSTS": ["*.example.org"]}).outcome
<Outcome.FAIL: 'fail'>
"""

from __future__ import annotations

import contextlib
import copy
import importlib
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import django
import django.test.signals  # its receivers reset what Django caches of a setting
from django.apps import apps
from django.conf import UserSettingsHolder, global_settings
from django.conf import settings as django_settings
from django.core.cache import CacheHandler, caches
from django.core.signals import setting_changed
from django.db import connections
from django.db.utils import ConnectionHandler

from django_prodready.audit import bare_project
from django_prodready.audit.audit import OFFLINE_NEEDS, Audit
from django_prodready.audit.facts import Facts
from django_prodready.audit.facts.effective import all_values
from django_prodready.audit.model import Case, Check, Need, Result
from django_prodready.audit.project import suppressions_for
from django_prodready.audit.registry import all_checks
from django_prodready.audit.runner import deadline_of
from django_prodready.reporting.redaction import Redactor

if TYPE_CHECKING:
    from django.utils.connection import BaseConnectionHandler

# A deadline is there for deploys. A machine that runs tests is busy, and imports while it judges.
_PATIENCE = 10
# Django warns when DATABASES change; those of LOGGING set up this process's logging; and CACHES that are no
# dictionary would leave Django's handler broken: see _own_handler().
_UNANNOUNCED = frozenset({"CACHES", "DATABASES", "LOGGING", "LOGGING_CONFIG"})


def run_check(
    name: str | Check,
    *,
    settings: Mapping[str, Any] | None = None,
    files: Mapping[str, str] | None = None,
    settings_module: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Result:
    """Judge one check, by name or as an object, on a bare project with these settings and files.

    The settings replace those of a sound, empty project; what the calling process configured plays
    no part. ``files`` (path: text) are written to a temporary root, which is on ``sys.path``
    meanwhile; ``settings_module`` names the one among them that origins are read from. A check that
    needs LIVE opens the connections of these settings. Raises KeyError for a name that no check has.
    """
    case = Case(
        settings=settings or {}, files=files or {}, settings_module=settings_module, environ=environ or {}
    )
    with project(case) as facts:
        return judge(facts, name)


def judge(facts: Facts, check: str | Check) -> Result:
    """Judge one check, and what it requires, on ``facts``."""
    checks = dict(all_checks())
    if isinstance(check, Check):
        checks[check.name] = check
    name = check if isinstance(check, str) else check.name
    # A check on the report needs a report, which is that of all the others.
    selected = checks if Need.REPORT in checks[name].needs else [name]
    audit = Audit(
        facts=facts,
        checks=checks,
        selected=selected,
        suppressions=suppressions_for(facts, checks),
        redactor=_redactor_for(facts),
        allowed=OFFLINE_NEEDS | (checks[name].needs & {Need.LIVE}),
        deadline_s=lambda check: _PATIENCE * deadline_of(check),
    )
    return next(result for result in audit.run().results if result.check == name)


def _redactor_for(facts: Facts) -> Redactor:
    """Know what the case brings; Django's own defaults hold no secret, and take long to search."""
    values = all_values(django_settings) if facts.has_settings else {}
    explicit = {name: value for name, value in values.items() if name in facts.explicit}
    return Redactor.from_settings(explicit, facts.environ)


@contextlib.contextmanager
def project(case: Case) -> Iterator[Facts]:
    """Make ``case`` the current Django project and give its facts; put everything back afterwards."""
    with tempfile.TemporaryDirectory(prefix="prodcheck-case-") as folder:
        root = Path(folder).resolve()
        for path, text in case.files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        with (
            _importable(root),
            _own_handler(caches, CacheHandler),
            _own_handler(connections, ConnectionHandler),
            _configured({**bare_project.SETTINGS, **case.settings}),
        ):
            manage = root / "manage.py"
            try:
                yield Facts(
                    root=root,
                    settings_module=case.settings_module,
                    environ=dict(case.environ),
                    entry=manage if manage.exists() else None,
                    load_failure=case.load_failure,
                )
            finally:
                _forget_models(root)
                with contextlib.suppress(Exception):  # a case may be about an engine that is not there
                    connections.close_all()


@contextlib.contextmanager
def _importable(root: Path) -> Iterator[None]:
    before = set(sys.modules)
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(root))
        new = {name: sys.modules[name] for name in set(sys.modules) - before}
        # All are asked before any goes: the folders of a nested package without __init__.py are worked
        # out anew from those of its parent, which it looks up in sys.modules.
        own = [name for name, module in new.items() if _is_below(root, module)]
        for name in own:
            del sys.modules[name]


def _forget_models(root: Path) -> None:
    """Take the models of this root from Django's list: another case may have some of the same name."""
    for models in apps.all_models.values():
        for name, model in list(models.items()):
            if _is_below(root, sys.modules.get(model.__module__)):
                del models[name]


def _is_below(root: Path, module: object) -> bool:
    """Whether a module came from ``root``; a package without ``__init__.py`` has folders and no file."""
    places = [getattr(module, "__file__", None) or "", *(getattr(module, "__path__", None) or ())]
    return any(str(place).startswith(str(root)) for place in places)


@contextlib.contextmanager
def _own_handler(
    handler: BaseConnectionHandler[Any], kind: type[BaseConnectionHandler[Any]]
) -> Iterator[None]:
    """Let Django's ``caches`` or ``connections`` be those of the case, and afterwards what they were."""
    before = dict(vars(handler))
    vars(handler).update(vars(kind()))
    vars(handler).pop("settings", None)
    try:
        yield
    finally:
        vars(handler).clear()
        vars(handler).update(before)


@contextlib.contextmanager
def _configured(values: Mapping[str, Any]) -> Iterator[None]:
    holder = UserSettingsHolder(global_settings)
    # Not setattr(): deprecated names would warn, and a case may be about one.
    holder.__dict__.update(copy.deepcopy(dict(values)))
    lazy = cast("Any", django_settings)
    before = lazy._wrapped
    lazy._wrapped = holder
    try:
        if not apps.ready:
            django.setup()
        try:
            apps.set_installed_apps(values["INSTALLED_APPS"])
            _announce(values, enter=True)
            yield
        finally:
            apps.unset_installed_apps()
    finally:
        lazy._wrapped = before
        _announce(values, enter=False)


def _announce(values: Mapping[str, Any], *, enter: bool) -> None:
    for name in values.keys() - _UNANNOUNCED:
        # Behind the lazy object, which warns of deprecated names.
        value = getattr(cast("Any", django_settings)._wrapped, name, None)
        # Django's own receivers fail on values such as DATABASE_ROUTERS = "x", which a case may be about.
        with contextlib.suppress(Exception):
            setting_changed.send(sender=UserSettingsHolder, setting=name, value=value, enter=enter)
