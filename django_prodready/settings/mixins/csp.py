"""Content-Security-Policy: the browser runs only what the policy names. Reported first, then enforced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from django_prodready.settings import env
from django_prodready.settings.declared import option
from django_prodready.settings.draft import Draft
from django_prodready.settings.environment import kinds
from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.middleware_order import CSP, DJANGO_CSP
from django_prodready.settings.mixin import SettingsMixin

__all__ = ["Csp"]

Policy = Mapping[str, Sequence[str]]

NONCE = "nonce"

# Scripts and styles from the site itself, inline ones with the nonce of the answer; nothing else is run
# or embedded.
_POLICY: dict[str, tuple[str, ...]] = {
    "default-src": ("'self'",),
    "script-src": ("'self'", NONCE),
    "style-src": ("'self'", NONCE),
    "img-src": ("'self'", "data:"),
    "object-src": ("'none'",),
    "base-uri": ("'none'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'none'",),
}

# What browsers ask where a directive is missing: https://www.w3.org/TR/CSP3/#directive-fallback-list
_FALLBACKS = {
    "script-src-elem": ("script-src", "default-src"),
    "script-src-attr": ("script-src", "default-src"),
    "style-src-elem": ("style-src", "default-src"),
    "style-src-attr": ("style-src", "default-src"),
    "worker-src": ("child-src", "script-src", "default-src"),
    "frame-src": ("child-src", "default-src"),
}

_TEMPLATES = "django.template.backends.django.DjangoTemplates"
_PROCESSOR = "django.template.context_processors.csp"
_PEER_PROCESSOR = "csp.context_processors.nonce"

# Either would end the directive within the header.
_BREAKING = re.compile(r"[;,\s]")


def _report_uri(text: str) -> str:
    uri = text.strip()
    if _BREAKING.search(uri):
        raise Invalid("expected a URL without ; and , and blanks: they are %3B, %2C and %20")
    is_path = uri.startswith("/") and not uri.startswith("//")
    return uri if is_path else kinds.url(uri, schemes=("https", "http"))


class Csp(SettingsMixin):
    """Django's own CSP where it has one (6.0 and newer), django-csp on older ones: the extra ``csp``.

    In templates ``<script nonce="{{ csp_nonce }}">`` of Django, ``{{ CSP_NONCE }}`` of django-csp.
    """

    CSP_ENFORCE: bool = option(
        False, help="False only reports what would be refused; True once the reports are quiet."
    )
    CSP_POLICY: Policy = option(
        _POLICY, help="The whole policy: sources by directive; the source 'nonce' is the answer's own nonce."
    )
    CSP_SOURCES: Policy = option(
        {}, help="Sources to add to CSP_POLICY, such as {'img-src': ['https://cdn.example']}."
    )
    # No secret, unlike other URLs: every visitor's browser is told it.
    CSP_REPORT_URI: str | None = env.custom(
        "CSP_REPORT_URI",
        parse=_report_uri,
        default=None,
        kind="URL",
        setting=False,
        help="Where browsers send what they refused: a URL, or a path of the site.",
    )

    def transform(self, draft: Draft) -> None:
        """Set the policy, place the middleware, and put the nonce into templates."""
        _refuse_strings(draft, "CSP_POLICY", self.CSP_POLICY)
        _refuse_strings(draft, "CSP_SOURCES", self.CSP_SOURCES)
        if draft.knows("SECURE_CSP"):
            self._by_django(draft)
        else:
            self._by_django_csp(draft)

    def _by_django(self, draft: Draft) -> None:
        roles = [self.SAME_MIDDLEWARE.get(entry, entry) for entry in draft.sequence("MIDDLEWARE")]
        if DJANGO_CSP in roles:
            draft.refuse("MIDDLEWARE", f"holds {DJANGO_CSP}: browsers would be sent two policies; remove it")
        name = "SECURE_CSP" if self.CSP_ENFORCE else "SECURE_CSP_REPORT_ONLY"
        draft.set(name, self._policy(str(import_module("django.utils.csp").CSP.NONCE)))
        draft.place_middleware(CSP, same=self.SAME_MIDDLEWARE)
        _add_processor(draft, _PROCESSOR)

    def _by_django_csp(self, draft: Draft) -> None:
        draft.needs_package("csp", extra="csp")
        name = "CONTENT_SECURITY_POLICY" + ("" if self.CSP_ENFORCE else "_REPORT_ONLY")
        directives = self._policy(import_module("csp.constants").NONCE)
        # Of its other keys, EXCLUDE_URL_PREFIXES above all, what the project has stays.
        draft.change(name, {"DIRECTIVES": directives})
        draft.append("INSTALLED_APPS", "csp")
        draft.place_middleware(DJANGO_CSP, same=self.SAME_MIDDLEWARE)
        _add_processor(draft, _PEER_PROCESSOR)

    def _policy(self, nonce: Any) -> dict[str, list[Any]]:
        policy = {directive: list(sources) for directive, sources in self.CSP_POLICY.items()}
        for directive, sources in self.CSP_SOURCES.items():
            # Naming one source must not take away those that held for a directive that was missing.
            known = [*policy.get(directive, _fallback(policy, directive))]
            known += [source for source in sources if source not in known]
            policy[directive] = [source for source in known if source != "'none'"] or known
        if self.CSP_REPORT_URI:
            policy["report-uri"] = [self.CSP_REPORT_URI]
        return {
            directive: [nonce if source == NONCE else source for source in sources]
            for directive, sources in policy.items()
        }


def _fallback(policy: Policy, directive: str) -> Sequence[str]:
    is_of_default = directive.endswith("-src")
    asked = _FALLBACKS.get(directive, ("default-src",) if is_of_default else ())
    return next((policy[name] for name in asked if name in policy), ())


def _refuse_strings(draft: Draft, name: str, policy: Mapping[str, object]) -> None:
    """Refuse a string where a list of sources belongs: its letters would be the sources."""
    for directive, sources in policy.items():
        if isinstance(sources, str):
            raise draft.refuse(name, f"expected a list of sources for {directive}")


def _add_processor(draft: Draft, processor: str) -> None:
    """Add a context processor to Django's own template engines."""
    before = draft.sequence("TEMPLATES")
    engines = list(_with_processor(before, processor))
    if engines != before:
        draft.set("TEMPLATES", engines)


def _with_processor(engines: Sequence[Mapping[str, Any]], processor: str) -> Iterator[Mapping[str, Any]]:
    for engine in engines:
        options = engine.get("OPTIONS", {})
        processors = options.get("context_processors", [])
        if engine.get("BACKEND") != _TEMPLATES or processor in processors:
            yield engine
        else:
            yield {**engine, "OPTIONS": {**options, "context_processors": [*processors, processor]}}
