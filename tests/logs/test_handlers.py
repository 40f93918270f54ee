"""Where the console writes to: where a command's result does not go."""

import sys

import pytest

from django_prodready.logs import ConsoleHandler


@pytest.mark.parametrize(
    ("argv", "stream"),
    [
        (["gunicorn", "site.wsgi"], "stdout"),
        (["/usr/bin/celery", "worker"], "stdout"),
        (["manage.py", "runserver"], "stdout"),
        (["manage.py"], "stdout"),
        ([], "stdout"),
        (["manage.py", "dumpdata"], "stderr"),
        (["/app/bin/django-admin", "migrate"], "stderr"),
        (["/lib/django/__main__.py", "check"], "stderr"),
    ],
)
def test_a_command_s_result_is_kept_apart(argv, stream, monkeypatch):
    monkeypatch.setattr(sys, "argv", argv)

    assert ConsoleHandler().stream is getattr(sys, stream)
