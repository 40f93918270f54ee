import pytest

from django_prodready.audit.facts.celery_tasks import find_delays, find_tasks, has_timetable
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project

TASKS = """
from celery import shared_task
from django.conf import settings

from .celery import app


@shared_task
def plain(): ...


@app.task(time_limit=60 * 2, acks_late=LATE, **more)
async def own(): ...


@task
@other(time_limit=1)
def none(): ...
"""


def test_tasks():
    with project(
        Case(files={"shop/tasks.py": TASKS, "shop/broken.py": "@shared_task(", "a.py": ""})
    ) as facts:
        plain, own = find_tasks(facts)
        assert (plain.name, str(plain.at), dict(plain.options)) == ("plain", "shop/tasks.py:8", {})
        assert (own.name, own.value("time_limit"), own.value("acks_late")) == ("own", 120, None)
        assert "acks_late" in own.options


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("own.apply_async(countdown=60 * 60)", [3600.0]),
        ("own.apply_async(eta=timezone.now() + timedelta(hours=2))", [7200.0]),
        ("self.retry(countdown=settings.DELAY)", [30.0]),
        ("own.apply_async(args=[1], countdown=2 ** self.request.retries)", []),
        ("own.apply_async(eta=moment)", []),
        ("own.apply_async(eta=start() + timedelta(hours=2))", []),
        ("own.apply_async(eta=now() - timedelta(hours=2))", []),
        ("game.start(countdown=3600)", []),
    ],
)
def test_delays(call, expected):
    case = Case(files={"shop/views.py": f"from shop.celery import app\n{call}\n"}, settings={"DELAY": 30})
    with project(case) as facts:
        found = find_delays(facts)
        assert [delay.seconds for delay in found] == expected
        assert all(str(delay.at) == "shop/views.py:2" for delay in found)


def test_timetable():
    with project(Case(files={"shop/celery.py": "crontab(hour=3)\n"})) as facts:
        assert has_timetable(facts)
    with project(Case(files={"shop/celery.py": "schedule(3)\n"})) as facts:
        assert not has_timetable(facts)
