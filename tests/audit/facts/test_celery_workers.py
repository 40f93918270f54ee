import pytest

from django_prodready.audit.facts.celery_grace import find_worker_graces
from django_prodready.audit.facts.celery_settings import celery_settings
from django_prodready.audit.facts.celery_workers import find_workers, pools, without_hard_limit
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project

FOLDED = """\
services:
  celery:
    depends_on:
      - celery
      - redis
    command: >
      sh -c "cd src &&
             celery -A shop
             worker
             --loglevel=info
             --max-tasks-per-child=1000
             --time-limit=300"
    stop_grace_period: 60s
  celery-beat:
    command: celery -A shop beat -l info
"""
LISTED = """\
services:
  worker:
    command:
      - celery
      - -A
      - shop
      - worker
      - --time-limit
      - "300"
    restart: always
"""


def workers(text, file="compose.yaml"):
    with project(Case(files={file: text})) as facts:
        return [(str(each.at), dict(each.options)) for each in find_workers(facts)]


@pytest.mark.parametrize(
    ("file", "text", "line", "option", "value"),
    [
        ("compose.yaml", FOLDED, 8, "--time-limit", "300"),
        ("compose.yaml", FOLDED, 8, "--max-tasks-per-child", "1000"),
        ("compose.yaml", LISTED, 4, "--time-limit", "300"),
        (
            "Procfile",
            "web: gunicorn x\nworker: celery -A shop worker -Ofair -c 4\n",
            2,
            "--optimization",
            "fair",
        ),
        ("Procfile", "worker: python -m celery -A shop worker -c 4 -B\n", 1, "--concurrency", "4"),
        ("Procfile", "worker: celery -A shop worker -B --pool=solo\n", 1, "--beat", ""),
        ("Dockerfile", 'CMD ["celery", "-A", "shop", "worker", "-P", "gevent"]\n', 1, "--pool", "gevent"),
        ("start.sh", "exec celery -A shop worker \\\n  --time-limit=$LIMIT\n", 1, "--time-limit", "$LIMIT"),
        (
            "w.service",
            "ExecStart=/srv/bin/celery -A shop worker --soft-time-limit=9\n",
            1,
            "--soft-time-limit",
            "9",
        ),
        ("w.service", "ExecStart=/srv/bin/celery multi start w1 --time-limit=9\n", 1, "--time-limit", "9"),
        ("celeryd.conf", 'CELERYD_OPTS="--time-limit=300 --concurrency=8"\n', 1, "--concurrency", "8"),
    ],
)
def test_worker(file, text, line, option, value):
    ((at, options),) = workers(text, file)
    assert at == f"{file}:{line}"
    assert options[option] == value


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("Procfile", "beat: celery -A shop beat\n"),
        ("Dockerfile", "RUN pip install celery worker\n"),
        ("compose.yaml", "services:\n  web:\n    depends_on: [db, celery, worker]\n"),
        ("compose.yaml", "services:\n  celery:\n    image: celery worker\n"),
        ("compose.dev.yaml", LISTED),
        ("gunicorn.conf.py", "# celery worker\n"),
        ("start.sh", "celery -A shop beat && run worker\n"),
    ],
)
def test_no_worker(file, text):
    assert workers(text, file) == []


@pytest.mark.parametrize(
    ("command", "setting", "expected"),
    [
        ("celery -A shop worker", None, None),
        ("celery -A shop worker -P threads", None, "threads"),
        ("celery -A shop worker -P $POOL", None, None),
        ("celery -A shop worker", "gevent", "gevent"),
        ("celery -A shop worker -P prefork", "gevent", None),
        ("", "solo", "solo"),
    ],
)
def test_pools(command, setting, expected):
    settings = {"CELERY_BROKER_URL": "redis://a", **({"CELERY_WORKER_POOL": setting} if setting else {})}
    with project(Case(settings=settings, files={"Procfile": f"worker: {command}\n"})) as facts:
        found = celery_settings(facts)
        assert without_hard_limit(facts, found) == expected
        assert len(pools(facts, found)) == 1


def graces(**files):
    texts = {name.replace("__", "."): text for name, text in files.items()}
    with project(Case(files=texts)) as facts:
        return [
            (each.setting, each.seconds, each.is_written, str(each.at)) for each in find_worker_graces(facts)
        ]


def test_grace_in_compose():
    assert graces(compose__yaml=FOLDED) == [("stop_grace_period", 60.0, True, "compose.yaml:13")]
    assert graces(compose__yaml=LISTED) == [("stop_grace_period", 10.0, False, "compose.yaml:4")]
    script = "services:\n  w:\n    stop_grace_period: 1m30s\n\n    command: /start-celeryworker\n"
    assert graces(compose__yaml=script) == [("stop_grace_period", 90.0, True, "compose.yaml:3")]


def test_default_of_compose_is_not_assumed_where_another_place_may_say():
    assert graces(compose__yaml=LISTED, base__yaml="x:\n  stop_grace_period: 5s\n") == []
    assert graces(compose__yaml=LISTED.replace("    restart", "    <<: *base\n    restart")) == []
    assert graces(compose__yaml=LISTED + "    stop_grace_period: ${GRACE}\n") == []


def test_command_that_belongs_to_no_service():
    text = "services:\n  web:\n    labels:\n      run: celery -A shop worker\n"
    assert graces(compose__yaml=text) == [("stop_grace_period", 10.0, False, "compose.yaml:4")]


POD = """\
kind: Service
---
kind: Deployment
spec:
  template:
    spec:
      {}
      containers:
        - name: worker
          command: [celery, -A, shop, worker]
"""


def test_grace_of_a_pod():
    written = POD.format("terminationGracePeriodSeconds: 45")
    assert graces(worker__yaml=written) == [("terminationGracePeriodSeconds", 45.0, True, "worker.yaml:7")]
    assert graces(worker__yaml=POD.format("restartPolicy: Always")) == [
        ("terminationGracePeriodSeconds", 30.0, False, "worker.yaml:10")
    ]
    assert graces(worker__yaml=POD.format("terminationGracePeriodSeconds: {{ .Values.grace }}")) == []


def test_grace_of_a_unit():
    unit = "[Service]\nExecStart=/srv/bin/celery -A shop worker\n"
    assert graces(w__service=unit) == []
    assert graces(w__service=unit + "TimeoutStopSec=2min\n") == [
        ("TimeoutStopSec", 120.0, True, "w.service:3")
    ]


def test_other_files_say_nothing():
    assert graces(Procfile="worker: celery -A shop worker\n", ci__yaml="run: celery -A shop worker\n") == []
    assert graces(x__yaml="run: celery -A shop worker\n") == []
