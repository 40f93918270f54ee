"""A variable still has the placeholder that somebody was to replace.

What it checks
--------------
The variables that the settings read, for texts that only stand where a value should be: `changeme`,
`your-api-key`, `<generate with openssl>`, `!!!SET THIS!!!`, `fixme-…`, `xxxx`, `${NAME}`. Names of
hosts are judged by rules of their own, for true hosts begin with `your-` too; `example.com` is a piece
of information there. A class of `django_prodready.settings` refuses such secrets itself. What
`secret-key.known-default` and `db.default-credentials` say of a value is not said again. Values are
never shown.

Why it matters
--------------
The site starts, and fails at the first payment or mail. Where the placeholder is a secret, everybody
who has read the documentation knows it.

When it is wrong
----------------
In an environment that is there to try the site out.

How to fix
----------
Set the variable to its true value, in the environment of the server and not in the repository.

Source
------
[CWE-1188: insecure default](https://cwe.mitre.org/data/definitions/1188.html),
[RFC 2606: example.com](https://www.rfc-editor.org/rfc/rfc2606)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.env_problems import Kind, refused, refused_as, target_of
from django_prodready.audit.facts.env_reads import reads_of
from django_prodready.audit.facts.secret_keys import fallbacks, secret_key
from django_prodready.reporting.secret_names import Secrecy, secrecy
from django_prodready.settings.environment.kinds import placeholder
from django_prodready.settings.environment.problems import Problem, SettingsError

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_SOURCE = 'import os\nSTRIPE_API_KEY = os.environ["STRIPE_API_KEY"]\nSITE_HOST = os.environ["SITE_HOST"]\n'


def _case(expect: int = 1, **environ: str) -> Case:
    return Case(files={"conf.py": _SOURCE}, settings_module="conf", environ=environ, expect=expect)


BAD = (
    Case(
        load_failure=SettingsError(
            [Problem(variable="SECRET_KEY", rule="expected a secret, found a placeholder")]
        )
    ),
    _case(STRIPE_API_KEY="your-stripe-key"),
    _case(STRIPE_API_KEY="!!!SET STRIPE_API_KEY!!!", SITE_HOST="your-domain.com", expect=2),
    _case(SITE_HOST="shop.example.com"),
)
GOOD = (
    Case(),
    _case(),
    _case(STRIPE_API_KEY="sk_test_4eC39HqLyjWDarjt", SITE_HOST="www.example.org"),
    _case(SITE_HOST="your-style.shop"),
    Case(environ={"SOMEBODY_S_API_KEY": "changeme"}),
)

_HOSTS = re.compile(r"(?:HOST|HOSTS|HOSTNAME|DOMAIN|DOMAINS|ORIGIN|ORIGINS|SITE|URL|URLS)$")
_EXAMPLE_HOST = re.compile(r"(?<![\w-])example\.com(?![\w.-])", re.IGNORECASE)


@check(severity=Severity.ERROR, needs=(Need.SOURCE,))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each variable that nobody has filled in."""
    reads = reads_of(facts)
    for problem in refused_as(facts, Kind.PLACEHOLDER):
        yield Finding(
            message=f"The variable {problem.variable} is a placeholder{target_of(problem)}, and refused.",
            hint=f"Set {problem.variable} to its true value in the environment of the server.",
            subject=problem.variable,
            at=reads.at(problem.variable),
        )
    told = {problem.variable for _, problem in refused(facts.load_failure)}
    known = frozenset(filter(None, _told_elsewhere(facts)))
    for name in sorted(reads.names - told):
        value = facts.environ.get(name, "")
        if value.strip() and not _has_any(value, known):
            for finding in _findings(name, value):
                yield Finding(
                    message=f"The environment variable {name} {finding[0]}.",
                    hint=f"Set {name} to its true value in the environment of the server.",
                    subject=name,
                    at=reads.at(name),
                    severity=finding[1],
                )


def _findings(name: str, value: str) -> Iterator[tuple[str, Severity]]:
    is_host = _HOSTS.search(name) is not None
    is_secret = secrecy(name) is not Secrecy.NONE and not is_host
    if placeholder(value, host=not is_secret):
        yield "is a placeholder that nobody has replaced", Severity.ERROR
    elif is_host and _EXAMPLE_HOST.search(value):
        yield "names example.com, which belongs to documentation", Severity.INFO


def _has_any(value: str, known: frozenset[str]) -> bool:
    """Whether the value is one of these, or the URL of one."""
    return value in known or ("://" in value and any(text in value for text in known))


def _told_elsewhere(facts: Facts) -> Iterator[str]:
    """Yield the values that other checks judge."""
    if facts.has_settings:
        yield from (key.text for key in (secret_key(facts), *fallbacks(facts)))
        yield from (str(entry["PASSWORD"]) for entry in facts.effective.databases.values())
