"""The settings module that a server would use is one for development, by its name.

What it checks
--------------
Whether the last part of the module's name says `dev`, `local` or `test`. It looks at what the
server will use: `DJANGO_SETTINGS_MODULE` in the environment that this process was started with,
else what the repository's deployment files set (Dockerfile, compose file, Procfile, `.env`,
manifests), else what `wsgi.py` and `asgi.py` default to, and without those `manage.py`. It also
says so when the settings that this report judges are development settings.

Why it matters
--------------
A server that starts without the variable runs with the default of `wsgi.py`. With a development
module there, it serves with `DEBUG`, the console as mail server and a local database, and nothing
in its log says so.

When it is wrong
----------------
When the platform's dashboard sets the variable: run it in that environment, such as a release
command. A `manage.py` that defaults to development settings is fine while `wsgi.py` does not.

How to fix
----------
Let `wsgi.py` and `asgi.py` default to the production module, or set `DJANGO_SETTINGS_MODULE` in the
image: `ENV DJANGO_SETTINGS_MODULE=config.settings.production`.

Source
------
[Designating the settings](https://docs.djangoproject.com/en/stable/topics/settings/#designating-the-settings)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Location, Need, Severity, check
from django_prodready.audit.facts.process import initial_environ
from django_prodready.audit.facts.settings_choice import VARIABLE, Choice, defaults_in, deployed

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_DEV = 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")\n'
_PRODUCTION = _DEV.replace("local", "production")

BAD = (
    Case(files={"manage.py": _DEV, "config/wsgi.py": _DEV}, settings={"DEBUG": True}),
    Case(files={"manage.py": _DEV}, settings_module="config.settings.dev"),
    Case(files={"config/wsgi.py": _PRODUCTION}, settings_module="config.settings.test"),
    Case(environ={VARIABLE: "config.settings.dev"}, settings_module="config.settings.dev"),
)
GOOD = (
    Case(files={"manage.py": _DEV, "config/wsgi.py": _PRODUCTION}, settings_module="config.settings.live"),
    Case(files={"config/wsgi.py": _DEV}, environ={VARIABLE: "config.settings.production"}),
    Case(files={"config/wsgi.py": _DEV, "Dockerfile": f"ENV {VARIABLE}=config.settings.production\n"}),
    Case(files={"config/wsgi.py": _DEV, "fly.toml": f'[env]\n{VARIABLE} = "config.settings.production"\n'}),
    Case(settings_module="config.settings"),
)

_DEV_WORDS = frozenset(
    {"debug", "dev", "devel", "develop", "development", "local", "localdev", "test", "testing", "tests"}
)
_NEUTRAL_WORDS = frozenset({"conf", "config", "settings", ""})


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield one finding when the server, or this report, uses a development module."""
    judged = facts.settings_module
    judges_dev = _is_dev(facts, judged)
    server = _server(facts)
    serves_dev = server is not None and _is_dev(facts, server.module)
    if server is not None and server.at is not None and serves_dev:
        severity = Severity.ERROR if judges_dev or judged is None else Severity.WARNING
        yield _fallback(server.module, server.at, severity)
    elif judges_dev and (server is None or serves_dev):
        yield Finding(
            message=f"The settings in use, {judged}, are development settings by their name.",
            hint=f"Set {VARIABLE} to the production settings where the server runs.",
            subject=VARIABLE,
        )
    elif judges_dev and server is not None:
        used = server.module or "a module that its environment names"
        yield Finding(
            message=f"This report judges {judged}, development settings by name; the server uses {used}.",
            hint=f"Run prodcheck with --settings {server.module or 'MODULE'}.",
            subject=VARIABLE,
            at=server.at,
            severity=Severity.WARNING,
        )


def _is_dev(facts: Facts, module: str | None) -> bool:
    words = set(re.split(r"[_\d]+", (module or "").rpartition(".")[2].lower())) - _NEUTRAL_WORDS
    if not words or not words <= _DEV_WORDS:
        return False
    # "local" is also what people call the settings of the one server that they have.
    return words != {"local"} or module != facts.settings_module or bool(facts.settings.DEBUG)


def _server(facts: Facts) -> Choice | None:
    """What decides on the server, as far as this can be seen; None when it cannot."""
    given = initial_environ(facts.environ).get(VARIABLE)
    if given:
        return Choice(given, None)
    # A deployment file that sets a development module is one for development: it decides nothing here.
    defaults = [choice for path in _entry_points(facts) for choice in defaults_in(facts.files, path)]
    for choice in (*deployed(facts.files), *defaults):
        if not _is_dev(facts, choice.module):
            return choice
    return defaults[0] if defaults else None


def _entry_points(facts: Facts) -> tuple[str, ...]:
    """The files through which a server enters the project whose manage.py was called, or any project."""
    for names in (("wsgi.py", "asgi.py"), ("manage.py",)):
        paths = facts.files.matching(*names)
        if facts.entry is not None:
            near = facts.files.relative(facts.entry.parent)
            paths = tuple(path for path in paths if near == "." or path.startswith(f"{near}/"))
        if paths:
            return paths
    return ()


def _fallback(module: str | None, at: Location, severity: Severity) -> Finding:
    return Finding(
        message=f"Without {VARIABLE} in its environment the server uses {module}, development settings by "
        "their name, and no deployment file sets other ones.",
        hint=f"Let {at.file} name the production settings, or set {VARIABLE} in the image.",
        subject=VARIABLE,
        at=at,
        severity=severity,
    )
