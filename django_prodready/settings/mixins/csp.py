"""Content-Security-Policy: the browser runs only what the policy names. Reported first, then enforced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django_prodready.settings import env
from django_prodready.settings.declared import option
from django_prodready.settings.draft import Draft
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

_TEMPLATES = "django.template.backends.django.DjangoTemplates"
_PROCESSOR = "django.template.context_processors.csp"
_PEER_PROCESSOR = "csp.context_processors.nonce"


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
    CSP_REPORT_URI: str | None = env.url(
        "CSP_REPORT_URI", default=None, setting=False, help="Where browsers send what they refused."
    )

    def transform(self, draft: Draft) -> None:
        """Set the policy, place the middleware, and put the nonce into templates."""
        if draft.knows("SECURE_CSP"):
            self._by_django(draft)
        else:
            self._by_django_csp(draft)

    def _by_django(self, draft: Draft) -> None:
        from django.utils.csp import CSP as VALUES

        name = "SECURE_CSP" if self.CSP_ENFORCE else "SECURE_CSP_REPORT_ONLY"
        draft.set(name, self._policy(str(VALUES.NONCE)))
        draft.place_middleware(CSP, same=self.SAME_MIDDLEWARE)
        _add_processor(draft, _PROCESSOR)

    def _by_django_csp(self, draft: Draft) -> None:
        draft.needs_package("csp", extra="csp")
        from csp.constants import NONCE as PEER_NONCE

        name = "CONTENT_SECURITY_POLICY" + ("" if self.CSP_ENFORCE else "_REPORT_ONLY")
        draft.set(name, {"DIRECTIVES": self._policy(PEER_NONCE)})
        draft.append("INSTALLED_APPS", "csp")
        draft.place_middleware(DJANGO_CSP, same=self.SAME_MIDDLEWARE)
        _add_processor(draft, _PEER_PROCESSOR)

    def _policy(self, nonce: Any) -> dict[str, list[Any]]:
        policy = {directive: list(sources) for directive, sources in self.CSP_POLICY.items()}
        for directive, sources in self.CSP_SOURCES.items():
            # A directive that is not there falls back to default-src: naming one source must not take
            # those away.
            known = policy.setdefault(directive, list(policy.get("default-src", [])))
            known[:] = [source for source in known if source != "'none'"]
            known += [source for source in sources if source not in known]
        if self.CSP_REPORT_URI:
            policy["report-uri"] = [self.CSP_REPORT_URI]
        return {
            directive: [nonce if source == NONCE else source for source in sources]
            for directive, sources in policy.items()
        }


def _add_processor(draft: Draft, processor: str) -> None:
    """Add a context processor to Django's own template engines."""
    before = draft.sequence("TEMPLATES")
    engines = [_with_processor(engine, processor) for engine in before]
    if engines != before:
        draft.set("TEMPLATES", engines)


def _with_processor(engine: Mapping[str, Any], processor: str) -> Mapping[str, Any]:
    options = engine.get("OPTIONS", {})
    processors = options.get("context_processors", [])
    if engine.get("BACKEND") != _TEMPLATES or processor in processors:
        return engine
    return {**engine, "OPTIONS": {**options, "context_processors": [*processors, processor]}}
