"""The Content-Security-Policy lets foreign scripts run.

What it checks
--------------
The policy of `SECURE_CSP`, or of django-csp, as browsers read it: which scripts may run (`script-src-elem`,
`script-src-attr`, `script-src`, `default-src`). Weak are: no such directive, `'unsafe-inline'` alone,
any host (`*`, `https:`, `http:`), `data:`, and a nonce that is written into the settings. Information only:
`'unsafe-eval'`, inline styles, plugins (`object-src`) from anywhere.

Why it matters
--------------
A policy is there to stop the script that slipped through. With `'unsafe-inline'` it runs as if there were
no policy; where any host may serve scripts, the attacker's may, too.

When it is wrong
----------------
`'unsafe-inline'` beside a nonce or a hash, and hosts beside `'strict-dynamic'`, are ignored by browsers: they
are for old ones, and nothing is reported. A policy that only reports is judged as information. One that a
subclass of the middleware makes, or a decorator changes for a view, is not seen.

How to fix
----------
Put `CSP.NONCE` in `script-src` instead of `'unsafe-inline'`, and `nonce="{{ csp_nonce }}"` in the script
elements; name the hosts that serve your scripts.

Source
------
[Mitigate XSS with a strict CSP](https://web.dev/articles/strict-csp),
[CSP Level 3](https://www.w3.org/TR/CSP3/#allow-all-inline),
[HTTP Observatory](https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.csp import DJANGO, NONCE, Policy, own_policy, sent_policies

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_HASHES = ("'sha256-", "'sha384-", "'sha512-")
_ANYWHERE = ("*", "http:", "https:", "http://*", "https://*")
_SELF, _INLINE, _EVAL, _DYNAMIC = "'self'", "'unsafe-inline'", "'unsafe-eval'", "'strict-dynamic'"
_Problem = tuple[str, str, Severity]  # directive, what is wrong with it, how bad


def _case(**directives: object) -> Case:
    policy = {name.replace("_", "-"): value for name, value in directives.items()}
    return Case(settings={"MIDDLEWARE": [DJANGO], "SECURE_CSP": policy})


_HASH = "'sha256-2f1c1tXM4lrX9aNz7cYyJ1xQ4kz0w5yqYk1m0o2Vb3E='"

BAD = (
    _case(default_src=[_SELF], script_src=[_SELF, _INLINE]),
    _case(default_src=[_SELF], script_src=[_SELF, "https:"]),
    _case(img_src=[_SELF], object_src=["'none'"]),
    _case(default_src=[_SELF], style_src=[_SELF, _INLINE]),
)
GOOD = (
    _case(default_src=[_SELF], script_src=[_SELF, "https://js.example.org"]),
    _case(default_src=[_SELF], script_src=[_INLINE, _HASH]),
    _case(default_src=[_SELF], script_src=[_DYNAMIC, _HASH, "https:", _INLINE]),
    _case(script_src=["'none'"], object_src=["'none'"]),
    Case(settings={}),
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each directive of each policy that lets in what it should stop."""
    own = own_policy(facts)
    if own is not None:
        raise NotApplicable(f"{own} makes the policy by itself")
    sent = sent_policies(facts)
    if not sent:
        raise NotApplicable("the settings describe no policy that is sent")
    enforced = [policy for policy in sent if policy.is_enforced]
    for policy in enforced or sent:
        for directive, wrong, severity in _problems(policy):
            subject = policy.subject(directive)
            yield Finding(
                message=f"{subject} {wrong}.",
                hint=_hint(policy, directive),
                subject=subject,
                at=policy.at(facts, directive),
                severity=severity if policy.is_enforced else Severity.INFO,
            )


def _problems(policy: Policy) -> Iterator[_Problem]:
    sources = policy.sources
    elements = _first(sources, "script-src-elem", "script-src", "default-src")
    handlers = _first(sources, "script-src-attr", "script-src", "default-src")
    if elements is None:
        yield "script-src", "is missing, and default-src too: any script runs", Severity.WARNING
    for directive in dict.fromkeys(each for each in (elements, handlers) if each is not None):
        words = [word.lower() for word in sources[directive]]
        if (wrong := _wrong_with_scripts(words, sources[directive])) is not None:
            yield directive, wrong, Severity.WARNING
        elif _EVAL in words:
            yield directive, f"has {_EVAL}: text that reaches eval() runs", Severity.INFO
    yield from _lesser_problems(sources)


def _lesser_problems(sources: Mapping[str, tuple[str, ...]]) -> Iterator[_Problem]:
    """Yield what is wrong beside scripts; what default-src allows was said of scripts."""
    styles = _first(sources, "style-src-elem", "style-src")
    if styles is not None and _allows_inline([word.lower() for word in sources[styles]]):
        yield styles, f"has {_INLINE}: foreign styles change, and spy on, what a page shows", Severity.INFO
    plugins = _first(sources, "object-src", "default-src")
    if plugins is None:
        yield (
            "object-src",
            "is missing, and default-src too: embedded objects of any site load",
            Severity.INFO,
        )
    elif plugins == "object-src" and not set(sources[plugins]).isdisjoint(_ANYWHERE):
        yield plugins, "lets embedded objects of any site in", Severity.INFO


def _wrong_with_scripts(words: list[str], written: tuple[str, ...]) -> str | None:
    """Say why a list of script sources is weak; None when it is not."""
    if any(word.startswith("'nonce-") for word in written):
        return "has a nonce that never changes: whoever reads a page can use it"
    if _allows_inline(words):
        return f"has {_INLINE} and neither nonce nor hash: any script on a page runs"
    if _DYNAMIC in words:
        return None
    wide = next((word for word in words if word in (*_ANYWHERE, "data:")), None)
    if wide is None:
        return None
    whose = "a script in an address runs" if wide == "data:" else "scripts of any site run"
    return f"has {wide}: {whose}"


def _allows_inline(words: list[str]) -> bool:
    """Whether inline code runs: https://www.w3.org/TR/CSP3/#allow-all-inline."""
    strict = any(word.startswith(("'nonce-", *_HASHES)) or word in (NONCE, _DYNAMIC) for word in words)
    return _INLINE in words and not strict


def _first(sources: Mapping[str, object], *names: str) -> str | None:
    return next((name for name in names if name in sources), None)


def _hint(policy: Policy, directive: str) -> str:
    if directive.startswith("style"):
        return "Move inline styles to files, or allow them by nonce or hash."
    if directive == "object-src":
        return "Set object-src to 'none'."
    nonce = "django.utils.csp.CSP.NONCE" if policy.is_djangos else "csp.constants.NONCE"
    return f"Name the hosts of the site's scripts in {directive}; allow inline ones by {nonce} or a hash."
