"""Who configures logging: Django from ``LOGGING``, or code of the project beside it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django_prodready.audit.facts.server import deployment_texts
from django_prodready.audit.model import NotApplicable

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["DICT_CONFIG", "applied_logging", "configuring_file", "given_logging"]

DICT_CONFIG = "logging.config.dictConfig"  # Django's default for LOGGING_CONFIG

# Where code that runs when the server starts may configure logging, besides the settings.
_STARTUP = ("wsgi.py", "asgi.py", "apps.py", "__init__.py", "celery.py", "*gunicorn*.py", "*log*.py")
_TESTS = re.compile(r"(?:^|/)(?:conf)?tests?(?:[/_.]|$)")
_CONFIGURES = re.compile(
    r"\b(?:basicConfig|dictConfig|fileConfig|addHandler|setup_logging|configure_logging|coloredlogs\.install)\("
    r"|^\s*logconfig(?:_dict)?\s*=",
    re.MULTILINE,
)
_LOG_CONFIG = re.compile(r"--log-config\b")  # of gunicorn and uvicorn; --log-config-json too


def given_logging(facts: Facts) -> Mapping[str, Any]:
    """Return ``LOGGING``, whoever applies it. Raises :class:`NotApplicable` when there is none."""
    logging = facts.settings.LOGGING
    if not logging or not isinstance(logging, Mapping):
        raise NotApplicable("there is no LOGGING")
    return logging


def applied_logging(facts: Facts) -> Mapping[str, Any]:
    """Return ``LOGGING`` as Django applies it.

    Raises :class:`NotApplicable` when there is none, or when ``LOGGING_CONFIG`` hands it to other code.
    """
    if facts.settings.LOGGING_CONFIG != DICT_CONFIG:
        raise NotApplicable("LOGGING_CONFIG is set: the project configures logging itself")
    return given_logging(facts)


def configuring_file(facts: Facts) -> str | None:
    """Return the first file that sets logging up by itself when the server starts; None when none does."""
    paths = dict.fromkeys((*facts.chain.files, *facts.files.matching(*_STARTUP)))
    own = (path for path in paths if not _TESTS.search(path))
    code = (path for path in own if _CONFIGURES.search(facts.files.read(path) or ""))
    started = (place for place, text in deployment_texts(facts) if _LOG_CONFIG.search(text))
    return next(itertools.chain(code, started), None)
