"""Whether the project makes HTML pages of its own, as far as its files show without being imported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django_prodready.audit.model import NotApplicable

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["own_page", "page_with_policy", "require_pages"]

# Templates of the admin, of mails, of the browsable API and of Django's error pages are no pages of a site.
_NOT_A_PAGE = re.compile(
    r"(?:^|/)(?:admin|e?mails?|tests?|docs?|examples?|rest_framework|drf[^/]*)/"
    r"|e?mail[^/]*\.html$|(?:^|/)[45]\d\d\.html$"
)
_IS_TEMPLATE = re.compile(r"(?:^|/)(?:templates|jinja2)/")
_RENDERS = re.compile(
    r"\brender\(\s*(?:self\.)?request\b|\bTemplateResponse\("
    r"|\b(?:Template|List|Detail|Create|Update|Delete|Form)View\b"
)
_ADMIN_CODE = re.compile(r"(?:^|/)admin(?:/|\.py$|_)")
_POLICY = re.compile(r"""<meta\b[^>]*http-equiv\s*=\s*["']?Content-Security-Policy["'\s]""", re.IGNORECASE)


def own_page(facts: Facts) -> str | None:
    """Return a template or Python file that makes a page; None where only an API, or the admin, shows."""
    for path in facts.files.matching("*.html", "*.jinja", "*.jinja2"):
        if _IS_TEMPLATE.search(path) and not _NOT_A_PAGE.search(path):
            return path
    for path in facts.files.served:
        if not _ADMIN_CODE.search(path) and _RENDERS.search(facts.files.read(path) or ""):
            return path
    return None


def require_pages(facts: Facts) -> None:
    """Raise :class:`NotApplicable` for an API that has no template engine, and so no page, nor the admin."""
    if not facts.settings.TEMPLATES and own_page(facts) is None:
        raise NotApplicable("TEMPLATES is empty and no code makes a page: browsers show nothing of the site")


def page_with_policy(facts: Facts) -> str | None:
    """Return a template whose ``meta`` element holds a Content-Security-Policy; None when none does."""
    for path in facts.files.matching("*.html", "*.jinja", "*.jinja2"):
        if not _NOT_A_PAGE.search(path) and _POLICY.search(facts.files.read(path) or ""):
            return path
    return None
