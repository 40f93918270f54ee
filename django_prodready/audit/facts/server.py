"""What runs the site's processes, as far as the settings and the deployment files tell.

The answers lean towards silence: one that is named anywhere counts, comments aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["deployment_texts", "why_not_persistent"]

_ASGI_APPS = ("daphne", "channels")
_DEPLOYMENT = (
    "Procfile*", "Dockerfile*", "*.dockerfile", "Containerfile*", "*compose*.yml", "*compose*.yaml",
    "*.sh", "entrypoint*", "start", "run", "*.service", "*.socket", "*.conf", "*.yml", "*.yaml",
    "*gunicorn*.py", "fly.toml", "railway.toml", "railway.json", "nixpacks.toml", "Makefile", "justfile",
)  # fmt: skip
_SERVERLESS_FILES = ("zappa_settings.*", "serverless.yml", "serverless.yaml", "vercel.json", "samconfig.toml")
_SERVERLESS_MODULES = ("mangum", "apig_wsgi", "serverless_wsgi", "zappa")
_SERVERLESS_VARIABLES = ("AWS_LAMBDA_FUNCTION_NAME", "VERCEL")
_COMMENT = re.compile(r"(?:^|[ \t])#.*$", re.MULTILINE)
# uvicorn_worker, uvicorn.workers.UvicornWorker, config.asgi:application, granian --interface asgi
_ASGI = re.compile(r"uvicorn|hypercorn|daphne|(?<![A-Za-z])asgi(?![A-Za-z])", re.IGNORECASE)
_GREENLETS = re.compile(r"gevent|eventlet")


def why_not_persistent(facts: Facts) -> str | None:
    """Say why a connection cannot wait for the thread's next request; None when nothing is seen.

    Under ASGI and with greenlets a request has a thread, or what stands for one, to itself:
    https://docs.djangoproject.com/en/stable/ref/databases/#caveats. A function ends with its request.
    """
    app = next((app for app in _ASGI_APPS if facts.has_app(app)), None)
    if app is not None:
        return f"the app {app} serves the site over ASGI"
    return _serverless(facts) or _in_deployment(facts)


def _serverless(facts: Facts) -> str | None:
    variable = next((name for name in _SERVERLESS_VARIABLES if facts.environ.get(name)), None)
    if variable is not None:
        return f"{variable} is set, so the site runs as a serverless function"
    for path in facts.files.matching(*_SERVERLESS_FILES):
        return f"{path} deploys the site as a serverless function"
    module = next((name for name in _SERVERLESS_MODULES if facts.source.imports(name)), None)
    return f"{module} serves the site as a serverless function" if module is not None else None


def deployment_texts(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield what may start the server, as file (or environment variable) and text without comments."""
    yield "GUNICORN_CMD_ARGS", facts.environ.get("GUNICORN_CMD_ARGS", "")
    for path in facts.files.matching(*_DEPLOYMENT):
        yield path, _COMMENT.sub("", facts.files.read(path) or "")


def _in_deployment(facts: Facts) -> str | None:
    for place, bare in deployment_texts(facts):
        if _ASGI.search(bare):
            return f"{place} names an ASGI server"
        if _GREENLETS.search(bare):
            return f"{place} names workers that are made of greenlets"
    return None
