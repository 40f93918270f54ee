"""Every container applies the migrations when it starts.

What it checks
--------------
The commands by which containers of the site start: `CMD` and `ENTRYPOINT` of images, the shell scripts of
the repository that these name, `command:` and `entrypoint:` of Compose services, the containers and init
containers of Kubernetes workloads, a Procfile's processes, start commands of Railway, Render, Nixpacks and
Fly, and hooks of uWSGI. None may run `manage.py migrate` and then go on to serve.

Why it matters
--------------
Several replicas, or the old and the new one of a rolling deployment, migrate at the same time: one fails on
what the other just made, or they wait for each other's locks. A migration that takes longer than the
start-up probe allows is killed half way and begun again. A restart at night, of a container that serves no
new code, runs them too.

When it is wrong
----------------
What runs once for each deployment passes: a Procfile's `release`, a Compose service that runs migrate and
ends, or has `restart: "no"` or profiles, a Kubernetes Job, the pre-deploy commands of Coolify, Sevalla,
Railway and Render, `release_command` of Fly. So do `migrate --check` and `--plan`, scripts that migrate
only when a variable or argument asks for it, files whose name says development, and an init container of a
workload with `replicas: 1`. With `"replicas": 1` in `PRODREADY["FACTS"]` it is a warning: nobody races
then, and the start still waits.

How to fix
----------
Move it into a job that runs once: a Compose service `migrate` with `restart: "no"` that the others wait for
with `condition: service_completed_successfully`, a Kubernetes Job, the platform's release or pre-deploy
command. Let the site's containers start the server alone; a start-up probe on `/startup/` holds traffic
back until the migrations are applied.

Source
------
[Compose: control startup order](https://docs.docker.com/compose/how-tos/startup-order/), [Kubernetes:
Jobs](https://kubernetes.io/docs/concepts/workloads/controllers/job/), [Heroku: release
phase](https://devcenter.heroku.com/articles/release-phase)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.migration_starts import find_starts

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_SERVE = 'CMD ["gunicorn", "site.wsgi"]\n'
_SCRIPT = '#!/bin/sh\npython manage.py migrate --noinput\nexec "$@"\n'
BAD = (
    Case(files={"Dockerfile": "FROM python\nCMD python manage.py migrate && gunicorn site.wsgi\n"}),
    Case(files={"Dockerfile": f'FROM python\nENTRYPOINT ["/start.sh"]\n{_SERVE}', "start.sh": _SCRIPT}),
)
GOOD = (
    Case(files={"Dockerfile": f"FROM python\n{_SERVE}", "start.sh": _SCRIPT}),
    Case(files={"Procfile": "release: python manage.py migrate\nweb: gunicorn site.wsgi\n"}),
    Case(
        files={
            "compose.yml": 'services:\n  migrate:\n    command: python manage.py migrate\n    restart: "no"\n'
            "  web:\n    command: gunicorn site.wsgi\n"
        }
    ),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each migrate that runs with every start of a container."""
    is_alone = facts.declared.get("replicas") == 1
    for start in find_starts(facts):
        yield Finding(
            message=f"{start.words} runs migrate whenever a container starts, not once for each deployment.",
            hint="Move it to a job or release command that runs once, before the new containers start.",
            subject=start.at.file,
            severity=Severity.WARNING if is_alone else Severity.ERROR,
            at=start.at,
        )
