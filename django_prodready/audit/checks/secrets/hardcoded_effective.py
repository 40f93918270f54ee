"""A secret in force is written out in a settings file.

What it checks
--------------
The effective values of `SECRET_KEY`, of passwords in `DATABASES` and e-mail, of cloud keys, and of
every setting whose name says that it is a secret, passwords of URLs included: whether a settings file
spells the value out, as a literal or as the default of a variable. A literal of a secret's name that
something else overrides is a piece of information. Files that git does not track, such as a
`local_settings.py`, may hold what they like. Keys that `startproject` makes, placeholders and passwords
of manuals are the business of other checks.

Why it matters
--------------
Whoever has the repository, a fork or an image of the site has the secret. It cannot be changed without a
deployment, and it is the same in every environment.

When it is wrong
----------------
When the server gives the variable whose default this is, and prodcheck ran without it. When the
settings file is generated on the server, from a vault.

How to fix
----------
Read it from the environment, without a default: `os.environ["EMAIL_HOST_PASSWORD"]`. Change the secret,
too: it stays in the history.

Source
------
[CWE-798](https://cwe.mitre.org/data/definitions/798.html),
[Django: deployment checklist](https://docs.djangoproject.com/en/stable/howto/deployment/checklist/#secret-key)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, NotRun, Severity, check
from django_prodready.audit.facts.git_index import is_usually_ignored, tracked_files
from django_prodready.audit.facts.secret_keys import SigningKey
from django_prodready.audit.facts.secret_tokens import tokens_in
from django_prodready.audit.facts.secret_values import (
    Held,
    Literal,
    held_secrets,
    is_true_secret,
    literals_in,
    url_password,
)
from django_prodready.reporting.secret_names import Secrecy, holds_secret, secrecy

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_PASSWORD = "q8Wm2Xc7Vb4Nz9Lk"  # noqa: S105 - of the examples


def _case(source: str, settings: dict[str, object]) -> Case:
    return Case(settings=settings, files={"conf.py": source}, settings_module="conf")


BAD = (
    _case(f'EMAIL_HOST_PASSWORD = "{_PASSWORD}"\n', {"EMAIL_HOST_PASSWORD": _PASSWORD}),
    _case(f'REDIS_URL = "redis://:{_PASSWORD}@cache/0"\n', {"REDIS_URL": f"redis://:{_PASSWORD}@cache/0"}),
    _case(f'EMAIL_HOST_PASSWORD = "{_PASSWORD}"\n', {"EMAIL_HOST_PASSWORD": "q8Wm2Xc7Vb4-2"}),
)
GOOD = (
    Case(),
    _case('import os\nEMAIL_HOST_PASSWORD = os.environ["PASSWORD"]\n', {"EMAIL_HOST_PASSWORD": _PASSWORD}),
    _case('EMAIL_HOST_PASSWORD = ""\nMAIL_TOKEN = "changeme"\n', {"MAIL_TOKEN": "changeme"}),
    _case(
        f'SECRET_KEY = "django-insecure-{_PASSWORD * 3}"\n',
        {"SECRET_KEY": f"django-insecure-{_PASSWORD * 3}"},
    ),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each secret that a settings file spells out."""
    paths = _tracked_settings(facts)
    if not paths:
        raise NotApplicable("no source of the settings is in the repository")
    literals = [literal for path in paths for literal in literals_in(facts, path)]
    places = {text: literal for literal in literals for text in _secrets_of(literal)}
    told: set[str] = set()
    for held in held_secrets(facts):
        literal = places.get(held.secret)
        if literal is None or _is_told_elsewhere(facts, held) or held.secret in told:
            continue
        told.add(held.secret)
        yield Finding(
            message=f"{held.subject} is written out in {literal.at.file}: whoever has the repository has it.",
            hint=f"Read {held.subject} from the environment, and change the secret: it stays in the history.",
            subject=held.subject,
            at=literal.at,
        )
    effective = {held.secret for held in held_secrets(facts)}
    yield from _overridden([literal for literal in literals if literal.text not in effective])


def _overridden(literals: list[Literal]) -> Iterator[Finding]:
    for literal in literals:
        is_secret = literal.name.isupper() and secrecy(literal.name) is Secrecy.SURE
        if is_secret and holds_secret(literal.name, literal.text) and is_true_secret(literal.text):
            yield Finding(
                message=(
                    f"{literal.name} is written out in {literal.at.file}; here another value is in force, "
                    "and whoever has the repository has this one."
                ),
                hint=f"Remove it from {literal.at.file}, and change the secret where it is in use.",
                subject=literal.name,
                at=literal.at,
                identity=f"{literal.name} {literal.at.file}",
                severity=Severity.INFO,
            )


def _tracked_settings(facts: Facts) -> list[str]:
    paths = [path for path in facts.chain.files if not path.startswith(("/", ".."))]
    try:
        tracked = tracked_files(facts.root)
    except NotRun:
        tracked = None
    if tracked is not None:
        return [path for path in paths if path in tracked.paths]
    return [path for path in paths if not is_usually_ignored(path)]


def _secrets_of(literal: Literal) -> Iterator[str]:
    """Yield the texts that are in a literal as secrets: the whole, the password of a URL."""
    yield literal.text
    if "://" in literal.text:
        yield url_password(literal.text)


def _is_told_elsewhere(facts: Facts, held: Held) -> bool:
    """Whether secret-key.known-default, db.default-credentials or secrets.in-repo says it."""
    if any(tokens_in(held.text.encode("utf-8", "surrogatepass"))):
        return True
    if held.name.startswith("SECRET_KEY") and SigningKey("", held.text, None).publisher is not None:
        return True
    entry = facts.effective.databases.get(str(held.path[0]), {}) if held.name == "DATABASES" else {}
    return held.secret in (entry.get("USER"), entry.get("NAME"))
