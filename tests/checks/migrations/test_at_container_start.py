"""migrations.at-container-start: what starts with every container, and what runs once."""

import textwrap

import pytest

from django_prodready.audit import Severity
from django_prodready.audit.facts.migration_shell import find_migrate
from django_prodready.audit.testing import run_check

GUNICORN = 'FROM python:3.13\nCMD ["gunicorn", "site.wsgi"]\n'
ENTRY = 'FROM python:3.13\nENTRYPOINT ["/entrypoint.sh"]\nCMD ["gunicorn", "site.wsgi"]\n'
SCRIPT = '#!/bin/sh\nset -e\npython manage.py migrate --noinput\nexec "$@"\n'


def judge(files, **settings):
    texts = {path: textwrap.dedent(text).lstrip("\n") for path, text in files.items()}
    return run_check("migrations.at-container-start", files=texts, settings=settings)


def places(files):
    return [str(finding.at) for finding in judge(files).findings]


LOUD = {
    "shell form": ({"Dockerfile": "FROM python\nCMD python manage.py migrate && gunicorn a"}, "Dockerfile:2"),
    "exec form": (
        {"Dockerfile": 'FROM python\nCMD ["sh", "-c", "./manage.py migrate --noinput; exec gunicorn a"]'},
        "Dockerfile:2",
    ),
    "continued lines": (
        {"Dockerfile": "FROM python\nRUN pip install gunicorn\nCMD manage.py migrate && \\\n  uvicorn a"},
        "Dockerfile:3",
    ),
    "entrypoint": ({"Dockerfile": ENTRY, "entrypoint.sh": SCRIPT}, "entrypoint.sh:3"),
    "entrypoint without ending": (
        {"Dockerfile": ENTRY.replace(".sh", ""), "docker/entrypoint": SCRIPT},
        "docker/entrypoint:3",
    ),
    "copied under another name": (
        {
            "Dockerfile": 'FROM python\nCOPY --chown=app deploy/run-web.sh /start\nCMD ["/start"]',
            "deploy/run-web.sh": "python manage.py migrate\ngunicorn a\n",
        },
        "deploy/run-web.sh:1",
    ),
    "the production variant of a script": (
        {
            "compose/production/Dockerfile": 'FROM python\nCMD ["/start"]\n',
            "compose/production/start": SCRIPT.replace('"$@"', "gunicorn a"),
            "compose/local/start": SCRIPT,
        },
        "compose/production/start:3",
    ),
    "of several scripts the one that is named whole": (
        {
            "Dockerfile": 'FROM python\nCMD ["/app/deploy/start.sh"]\n# gunicorn',
            "app/deploy/start.sh": SCRIPT.replace('"$@"', "gunicorn a"),
            "jobs/start.sh": SCRIPT,
        },
        "app/deploy/start.sh:3",
    ),
    "module of Django": (
        {"Dockerfile": "FROM python\nCMD python -m django migrate && daphne a.asgi:application"},
        "Dockerfile:2",
    ),
    "tenants": ({"Dockerfile": "FROM python\nCMD manage.py migrate_schemas && gunicorn a"}, "Dockerfile:2"),
    "compose, folded": (
        {
            "docker-compose.yml": """
            services:
              db:
                image: postgres
              web:
                command: >
                  sh -c "cd src &&
                         python manage.py migrate --noinput &&
                         gunicorn site.wsgi"
                restart: unless-stopped
            """
        },
        "docker-compose.yml:7",
    ),
    "compose, literal": (
        {
            "compose.prod.yml": """
            services:
              "web":
                entrypoint: ["sh", "-c"]
                command:
                  - |
                    python manage.py migrate
                    exec gunicorn site.wsgi
            volumes:
              data:
            """
        },
        "compose.prod.yml:6",
    ),
    "compose, quoted over lines": (
        {
            "compose.yaml": """
            services:
              web:
                command: "sh -c 'python manage.py migrate &&
                  celery -A site worker'"
              other:
                command: gunicorn a
            """
        },
        "compose.yaml:3",
    ),
    "compose names a script": (
        {
            "compose.yml": "services:\n  web:\n    command: ./scripts/web.sh\n",
            "scripts/web.sh": "python manage.py migrate\nexec gunicorn a\n",
        },
        "scripts/web.sh:1",
    ),
    "deployment": (
        {
            "k8s/web.yaml": """
            apiVersion: v1
            kind: Service
            ---
            apiVersion: apps/v1
            kind: Deployment
            spec:
              replicas: 1
              template:
                spec:
                  containers:
                  - name: web
                    command: ["sh", "-c"]
                    args:
                    - python manage.py migrate && gunicorn site.wsgi
            """
        },
        "k8s/web.yaml:14",
    ),
    "init container": (
        {
            "k8s/web.yaml": """
            kind: Deployment
            spec:
              replicas: 3
              template:
                spec:
                  initContainers:
                    - name: migrate
                      command:
                        - python
                        - manage.py
                      args:
                        - migrate
                        - --noinput
                  containers:
                    - name: web
                      args: [gunicorn, site.wsgi]
            """
        },
        "k8s/web.yaml:10",
    ),
    "helm": (
        {
            "chart/templates/web.yaml": """
            kind: Deployment
            spec:
              replicas: {{ .Values.replicas }}
              template:
                spec:
                  initContainers:
                    - command: ["python", "manage.py", "migrate"]
                  containers:
                    - command: ["gunicorn", "a"]
            """
        },
        "chart/templates/web.yaml:7",
    ),
    "procfile": ({"Procfile": "web: python manage.py migrate && gunicorn a\n"}, "Procfile:1"),
    "railway": (
        {
            "railway.json": '{"deploy": {\n"startCommand": "python manage.py migrate && gunicorn a"\n}}',
            "Dockerfile": GUNICORN,
        },
        "railway.json:2",
    ),
    "render": (
        {"render.yaml": "services:\n  - type: web\n    startCommand: manage.py migrate && gunicorn a\n"},
        "render.yaml:3",
    ),
    "nixpacks": (
        {"nixpacks.toml": '[phases.build]\ncmds = ["x"]\n[start]\ncmd = "manage.py migrate && gunicorn a"'},
        "nixpacks.toml:4",
    ),
    "fly": (
        {
            "fly.toml": "[processes]\napp = 'python manage.py migrate && gunicorn a'\n[env]\n",
            "Dockerfile": GUNICORN,
        },
        "fly.toml:2",
    ),
    "uwsgi": (
        {
            "uwsgi.ini": "[uwsgi]\nhook-asap = exec:python manage.py migrate --noinput\n",
            "Dockerfile": 'FROM python\nCMD ["uwsgi", "--ini", "uwsgi.ini"]\n',
        },
        "uwsgi.ini:2",
    ),
}


@pytest.mark.parametrize(("files", "place"), LOUD.values(), ids=LOUD)
def test_every_start(files, place):
    assert places(files) == [place]


QUIET = {
    "nothing": {},
    "no server is named": {"Dockerfile": "FROM python\nCMD python manage.py migrate && celery -A a worker"},
    "the server alone": {"Dockerfile": GUNICORN, "migrate.sh": SCRIPT},
    "the build": {"Dockerfile": f"FROM python\nRUN python manage.py migrate\n{GUNICORN}"},
    "an image that migrates and ends": {
        "Dockerfile": "FROM python\nCMD python manage.py migrate\n# gunicorn\n",
        "Procfile": "web: gunicorn a",
    },
    "only asked": {
        "Dockerfile": 'FROM python\nCMD ["sh", "-c", "python manage.py migrate --check && gunicorn a"]'
    },
    "makemigrations": {
        "Dockerfile": "FROM python\nCMD python manage.py makemigrations --check && gunicorn a"
    },
    "prodmigrate": {"Dockerfile": "FROM python\nCMD python manage.py prodmigrate && gunicorn a"},
    "a comment": {"Dockerfile": "FROM python\n# CMD python manage.py migrate && gunicorn a\nCMD gunicorn a"},
    "said": {"Dockerfile": 'FROM python\nCMD echo "run manage.py migrate first" && gunicorn a'},
    "Django's own server": {
        "Dockerfile": "FROM python\nCMD python manage.py migrate && python manage.py runserver 0.0.0.0:8000",
        "Procfile": "web: gunicorn a",
    },
    "an entrypoint of developers": {
        "Dockerfile": ENTRY.replace('["gunicorn", "site.wsgi"]', "python manage.py runserver"),
        "entrypoint.sh": SCRIPT,
        "Procfile": "web: gunicorn a",
    },
    "a server that reloads": {"Dockerfile": "FROM python\nCMD manage.py migrate && uvicorn a --reload"},
    "a stage for development": {
        "Dockerfile": f"FROM python AS development\nCMD python manage.py migrate && gunicorn a\n{GUNICORN}"
    },
    "a file for development": {"Dockerfile": GUNICORN, "Dockerfile.dev": ENTRY, "entrypoint.sh": SCRIPT},
    "one beside that for production": {
        "Dockerfile": ENTRY,
        "Dockerfile.prod": GUNICORN,
        "entrypoint.sh": SCRIPT,
    },
    "an override": {
        "compose.override.yml": "services:\n  web:\n    command: sh -c 'manage.py migrate && gunicorn a'\n"
    },
    "a release": {"Procfile": "release: python manage.py migrate\nweb: gunicorn a\n"},
    "a job of compose": {
        "compose.yml": """
        services:
          migrate:
            command: >
              sh -c "cd src && python manage.py migrate --noinput"
          seed:
            command: sh -c "python manage.py migrate && gunicorn a"
            restart: "no"
          tools:
            profiles: [tools]
            command: sh -c "python manage.py migrate && gunicorn a"
          swarm:
            deploy:
              mode: replicated-job
            command: sh -c "python manage.py migrate && gunicorn a"
          web:
            command: gunicorn a
        """
    },
    "compose, literal, when a variable asks for it": {
        "compose.yml": """
        services:
          web:
            command:
              - sh
              - -c
              - |-
                if [ "$$MIGRATE" = 1 ]; then
                  python manage.py migrate
                fi
                exec gunicorn a
          worker:
            command: |
              if [ "$$MIGRATE" = 1 ]; then
                python manage.py migrate
              fi
              exec gunicorn a
        """
    },
    "compose without services": {"compose.yml": "include: [a.yml]\n", "Procfile": "web: gunicorn a"},
    "a job of Kubernetes": {
        "k8s/migrate.yaml": """
        kind: Job
        spec:
          template:
            spec:
              containers:
                - command: ["sh", "-c", "python manage.py migrate && gunicorn --check-config a"]
        """
    },
    "an init container of one replica": {
        "k8s/web.yaml": """
        kind: Deployment
        spec:
          replicas: 1
          template:
            spec:
              initContainers:
                - command: [python, manage.py, migrate]
              containers:
                - command: [gunicorn, a]
        """
    },
    "an init container that waits": {
        "k8s/web.yaml": """
        kind: Deployment
        spec:
          template:
            spec:
              initContainers:
                - command: ["sh", "-c", "until python manage.py migrate --check; do sleep 2; done"]
              containers:
                - command: [gunicorn, a]
        """
    },
    "commands ahead of a deployment": {
        "railway.toml": '[deploy]\npreDeployCommand = "manage.py migrate"\nstartCommand = "gunicorn a"\n',
        "render.yaml": "services:\n  - preDeployCommand: manage.py migrate\n    startCommand: gunicorn a\n",
        "fly.toml": '[deploy]\nrelease_command = "manage.py migrate"\n[processes]\nweb = "gunicorn a"\n',
        "build.sh": "pip install -r requirements.txt\npython manage.py migrate\n",
    },
    "a script that deploys": {
        "Dockerfile": GUNICORN,
        "deploy.sh": "docker compose run web manage.py migrate",
    },
    "several scripts that could be meant": {
        "Dockerfile": 'FROM python\nCMD ["start.sh"]\n',
        "a/start.sh": SCRIPT,
        "b/start.sh": SCRIPT,
        "Procfile": "web: gunicorn a",
    },
    "a file that is no script": {
        "Dockerfile": 'FROM python\nCMD ["gunicorn", "-c", "start"]\n',
        "start": 'manage.py migrate\nexec "$@"\n',
    },
    "hooks of others": {
        "uwsgi.ini": "[uwsgi]\nhook-asap = exec:mkdir /run/a\nmodule = a\n",
        "Procfile": "web: uwsgi",
    },
}


@pytest.mark.parametrize("files", QUIET.values(), ids=QUIET)
def test_what_runs_once_or_never(files):
    assert places(files) == []


def test_message_names_the_file_and_who_starts_it():
    (finding,) = judge({"Dockerfile": ENTRY, "entrypoint.sh": SCRIPT}).findings
    assert finding.message == (
        "entrypoint.sh, which the ENTRYPOINT in Dockerfile starts, "
        "runs migrate whenever a container starts, not once for each deployment."
    )
    (finding,) = judge({"Procfile": "web: python manage.py migrate && gunicorn a"}).findings
    assert finding.message.startswith("The process web in Procfile runs migrate")
    assert finding.severity is Severity.ERROR


def test_one_replica_is_a_warning():
    files = {"Procfile": "web: python manage.py migrate && gunicorn a"}
    (finding,) = judge(files, PRODREADY={"FACTS": {"replicas": 1}}).findings
    assert finding.severity is Severity.WARNING


def test_one_script_is_told_of_once():
    worker = "services:\n  web:\n    entrypoint: /entrypoint.sh\n  worker:\n    entrypoint: /entrypoint.sh\n"
    files = {"Dockerfile": ENTRY, "compose.yml": worker, "entrypoint.sh": SCRIPT}
    assert places(files) == ["entrypoint.sh:3"]


@pytest.mark.parametrize(
    "script",
    [
        'python manage.py migrate\nexec "$@"',
        "python manage.py migrate &&\n  python manage.py collectstatic && exec gunicorn a",
        'if [ "$A" ]; then\n  while ! nc -z $B; do sleep 1; done\nfi\n./manage.py migrate\nexec gunicorn a',
        "until python manage.py migrate; do sleep 2; done\nexec gunicorn a",
        "for i in 1 2 3; do python manage.py migrate && break; done; gunicorn a",
        "for host in $HOSTS; do python manage.py migrate; done; gunicorn a",
        "if python manage.py migrate --check; then echo fine; else python manage.py migrate; fi\ngunicorn a",
        "python manage.py migrate --check || python manage.py migrate\ngunicorn a",
        'case "$1" in\n  web)\n    ./manage.py migrate\n    exec gunicorn a\n    ;;\n  *) exec "$@" ;;\nesac',
        'if [ "$1" = web ]; then python manage.py migrate; exec gunicorn a; fi',
        "prepare() {\n  python manage.py migrate\n}\nprepare\nexec gunicorn a",
        "function prepare\n{\n  python manage.py migrate\n}\nprepare && exec gunicorn a",
        "function prepare {\n  python manage.py migrate || { echo failed; exit 1; }\n}\nprepare\ngunicorn a",
        "(python manage.py migrate)\nexec gunicorn a 2>&1",
        "[ -f manage.py ] && python manage.py migrate\ngunicorn a",
        '[ "$A" ] && export B=1\npython manage.py migrate\ngunicorn a',
        'python manage.py migrate\nif [ "$R" ]; then gunicorn a; else gunicorn b; fi',
    ],
)
def test_script_that_always_migrates(script):
    (position,) = find_migrate(script)
    assert script[position:].startswith("manage.py migrate")


@pytest.mark.parametrize(
    "script",
    [
        'if [ "$RUN_MIGRATIONS" = "true" ]; then\n  python manage.py migrate\nfi\nexec gunicorn a',
        'if [ "$1" = migrate ]; then python manage.py migrate; exit; fi\nexec "$@"',
        'if [ "$1" = web ]; then gunicorn a; else python manage.py migrate; fi',
        'if [ "$1" = web ]; then gunicorn a; elif [ "$1" = job ]; then ./manage.py migrate; fi\ngunicorn b',
        "if [[ -n $A ]] && [[ -n $B ]]; then python manage.py migrate; fi; gunicorn a",
        '[ "$RUN_MIGRATIONS" = 1 ] && python manage.py migrate\nexec gunicorn a',
        'test -z "$MIGRATE" || python manage.py migrate\nexec gunicorn a',
        'case "$1" in\n  migrate) python manage.py migrate ;;\n  web) exec gunicorn a ;;\nesac',
        'case "$1" in\n  "migrate")\n    python manage.py migrate\n    ;;\n  *)\n    exec "$@"\n    ;;\nesac',
        "migrate() {\n  python manage.py migrate\n}\nexec gunicorn a",
        "exec gunicorn a\npython manage.py migrate",
        "python manage.py migrate",
        "python manage.py migrate\npython manage.py loaddata a",
        "python manage.py migrate\nsupervisord.conf",
        "python manage.py migrate\npip install gunicorn",
        "python manage.py migrate\necho starting gunicorn",
        "python manage.py migrate --plan\nexec gunicorn a",
        "manage.py migrate_data; exec gunicorn a",
        "fi; done; esac; }; else; gunicorn a",
        "",
    ],
)
def test_script_that_migrates_when_asked_or_never(script):
    assert find_migrate(script) == []


def test_a_job_needs_no_server():
    assert find_migrate("cd src && python manage.py migrate", needs_server=False) == [17]
    assert find_migrate('[ "$A" ] && python manage.py migrate', needs_server=False) == []
