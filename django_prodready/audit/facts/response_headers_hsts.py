"""What Django's Strict-Transport-Security header says in this project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django_prodready.audit.facts.proxy import hsts_proxy, without_comments
from django_prodready.audit.facts.security import require_middleware
from django_prodready.audit.model import NotApplicable

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["LONG_S", "hsts_seconds", "is_staged"]

LONG_S = 15_768_000  # half a year: https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring

_STAGE = "HSTS_STAGE"
# The mixin's own default is a stage, too.
_DECLARES = re.compile(r"\bHSTS_STAGE\b|\bdjango_prodready\.settings\b")


def hsts_seconds(facts: Facts) -> int:
    """Return the seconds that Django's header asks for.

    Raises :class:`NotApplicable` when Django sends none, or when a proxy sends its own.
    """
    require_middleware(facts)
    try:
        seconds = int(facts.settings.SECURE_HSTS_SECONDS or 0)
    except (TypeError, ValueError, OverflowError):
        raise NotApplicable("SECURE_HSTS_SECONDS is not a number") from None
    if seconds <= 0:
        raise NotApplicable("SECURE_HSTS_SECONDS asks for nothing")
    proxy = hsts_proxy(facts)
    if proxy is not None:
        raise NotApplicable(f"Strict-Transport-Security is sent by {proxy}")
    return seconds


def is_staged(facts: Facts) -> bool:
    """Whether the settings are in a stage of the roll-out, as the mixins' ``HSTS_STAGE`` says."""
    if _STAGE in facts.explicit or facts.environ.get(_STAGE):
        return True
    texts = (without_comments(facts.files.read(path) or "") for path in facts.chain.files)
    return any(_DECLARES.search(text) for text in texts)
