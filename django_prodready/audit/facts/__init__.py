"""What is known of the project under audit. Judged lazily, each part once; nothing here has an opinion."""

from __future__ import annotations

import functools
import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import LazySettings
from django.conf import settings as loaded_settings

from django_prodready.audit.facts.effective import Effective, explicit_names, value_of
from django_prodready.audit.facts.files import Files
from django_prodready.audit.facts.middleware import Middleware
from django_prodready.audit.facts.settings_chain import SettingsChain
from django_prodready.audit.facts.source import Source
from django_prodready.conf import get_config
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts.health_views import HealthViews
    from django_prodready.audit.facts.own_health import OwnPath
    from django_prodready.audit.facts.platform_probes import PlatformProbe
    from django_prodready.audit.facts.requests import InProcess
    from django_prodready.reporting.project_config import Ignore

__all__ = ["Facts"]


class Facts:
    """The facts of one project. Every attribute is computed at its first use and kept.

    ``settings_module`` is the dotted name whose source is read for origins. ``load_failure`` is
    the exception that loading the settings, or setting up the project with them, ended with.
    ``entry`` is the manage.py that was called, when there is one.
    """

    def __init__(
        self,
        *,
        root: Path,
        settings_module: str | None,
        environ: Mapping[str, str] | None = None,
        entry: Path | None = None,
        load_failure: BaseException | None = None,
    ) -> None:
        self.root = root
        self.settings_module = settings_module
        self.environ: Mapping[str, str] = os.environ if environ is None else environ
        self.entry = entry
        self.load_failure = load_failure
        self.unused_ignores: tuple[
            Ignore, ...
        ] = ()  # set once all checks but those on the report were judged
        self.expired_ignores: tuple[Ignore, ...] = ()

    @property
    def settings(self) -> LazySettings:
        """Django's settings object: effective values, defaults included."""
        return loaded_settings

    @property
    def has_settings(self) -> bool:
        """Whether the settings were loaded; also true when only setting up the project failed."""
        return loaded_settings.configured

    @functools.cached_property
    def explicit(self) -> frozenset[str]:
        """Names that the project's own settings define, without Django's defaults."""
        return explicit_names(loaded_settings)

    @functools.cached_property
    def effective(self) -> Effective:
        """Settings as the running site sees them: ``databases``, ``caches``, ``storages``."""
        return Effective()

    @functools.cached_property
    def declared(self) -> Mapping[str, Any]:
        """Platform facts that the project declares in ``PRODREADY["FACTS"]``."""
        return get_config().facts

    @functools.cached_property
    def middleware(self) -> Middleware:
        """The classes of ``MIDDLEWARE``, in order, found by ``issubclass``."""
        return Middleware(tuple(loaded_settings.MIDDLEWARE or ()))

    @functools.cached_property
    def files(self) -> Files:
        """The repository's files."""
        return Files(self.root, home=self.entry.parent if self.entry else None)

    @functools.cached_property
    def chain(self) -> SettingsChain:
        """The source of the settings module and of all that it star-imports."""
        return SettingsChain(self.settings_module, root=self.root)

    @functools.cached_property
    def source(self) -> Source:
        """The project's own Python source, and that of the packages it installed."""
        return Source(self.files, chain=self.chain)

    @functools.cached_property
    def requests(self) -> InProcess:
        """Requests through the project's own middleware, with network, database and mail blocked."""
        from django_prodready.audit.facts.requests import InProcess

        return InProcess()

    @functools.cached_property
    def health_paths(self) -> tuple[str, ...]:
        """Paths on which this project answers platform probes, such as ``/health/``; may be empty."""
        from django_prodready.audit.facts.health_paths import find_health_paths

        return find_health_paths(self)

    @functools.cached_property
    def own_health(self) -> tuple[OwnPath, ...]:
        """The paths on which this project answers our own health endpoints."""
        from django_prodready.audit.facts.own_health import find_own_paths

        return find_own_paths(self)

    @functools.cached_property
    def health_views(self) -> HealthViews:
        """The project's own views at those paths, and what they answer in an outage."""
        from django_prodready.audit.facts.health_views import HealthViews

        return HealthViews(self)

    @functools.cached_property
    def platform_probes(self) -> tuple[PlatformProbe, ...]:
        """The probes by HTTP that files of the repository declare."""
        from django_prodready.audit.facts.platform_probes import find_platform_probes

        return find_platform_probes(self)

    def origin(self, name: str, *path: str | int) -> Location | None:
        """Where the setting ``name`` got its effective value; None when computed or unknown.

        ``path`` descends into it: ``origin("DATABASES", "default", "CONN_MAX_AGE")``,
        ``origin("ALLOWED_HOSTS", 1)``. A step that the source does not show stays at the last one shown.
        """
        return self.chain.origin(name, *path, value=value_of(loaded_settings, name))

    def is_installed(self, module: str) -> bool:
        """Whether ``module`` can be imported here. Imports its parent packages, never itself."""
        try:
            return importlib.util.find_spec(module) is not None
        except (ImportError, AttributeError, ValueError):
            return False

    def has_app(self, dotted: str) -> bool:
        """Whether the app whose package is ``dotted`` is among ``INSTALLED_APPS``, however it is written."""
        return any(
            app == dotted or app.startswith(f"{dotted}.apps.") for app in loaded_settings.INSTALLED_APPS
        )
