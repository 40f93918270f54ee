"""The example project's tasks run in a Celery worker, on Redis and on RabbitMQ."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from contextlib import closing, contextmanager

import pytest

PATIENCE_S = 30
TWO_LOANS = (
    "import datetime as dt",
    "from django.contrib.auth import get_user_model",
    "from django.utils import timezone",
    "from lending.models import Book, Loan, Member",
    "reader = get_user_model().objects.create_user('dorothea', 'dorothea@library.example')",
    "member = Member.objects.create(user=reader, card_number='1')",
    "def lend(title, days):",
    "    book = Book.objects.create(shelf_mark=title, title=title)",
    "    due_on = timezone.localdate() + dt.timedelta(days=days)",
    "    return Loan.objects.create(book=book, member=member, due_on=due_on)",
    "lend('Romola', -1)",
    "asked_for = lend('Middlemarch', 7)",
)


@contextmanager
def worker(site, output):
    """Run a worker for the length of the block; its log and the mails it sends go to the file `output`."""
    options = (
        "--concurrency=1",
        "--loglevel=INFO",
        "--without-gossip",
        "--without-mingle",
    )
    with output.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app=librarysite", "worker", *options],
            cwd=site.folder,
            env=site.variables(),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def reminded(database):
    """Return how many loans have had their reminder."""
    with closing(sqlite3.connect(database, timeout=10)) as connection:
        return connection.execute("SELECT count(reminded_at) FROM lending_loan").fetchone()[0]


@pytest.mark.parametrize("broker", ["redis_url", "rabbitmq_url"])
def test_reminders_are_mailed_by_a_worker(broker, dev, tmp_path, request):
    dev.environment |= {
        "CELERY_BROKER_URL": request.getfixturevalue(broker),
        "CELERY_TASK_DEFAULT_QUEUE": f"library-{uuid.uuid4().hex}",
    }
    output = tmp_path / "worker.log"
    dev.shell(
        *TWO_LOANS,
        "from lending.notices import request_reminder",
        "from lending.tasks import remind_of_overdue_loans",
        "assert request_reminder(asked_for.pk)",
        "remind_of_overdue_loans.delay()",
    )

    with worker(dev, output) as process:
        deadline = time.monotonic() + PATIENCE_S
        while reminded(tmp_path / "library.sqlite3") < 2:
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < deadline, output.read_text()
            time.sleep(0.1)

    log = output.read_text()
    assert process.returncode == 0, log
    assert "Subject: Please bring back: Romola" in log
    assert "Subject: Please bring back: Middlemarch" in log


def test_the_timetable_names_tasks_that_exist(dev):
    unknown = dev.shell(
        "from librarysite import celery_app",
        "celery_app.loader.import_default_modules()",
        "print({entry['task'] for entry in celery_app.conf.beat_schedule.values()} - set(celery_app.tasks))",
    )

    assert unknown == "set()"
