import os
import subprocess
import sys
from pathlib import Path

import pytest

from django_prodready.audit.facts import process
from django_prodready.audit.facts.process import initial_environ

linux = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="Linux keeps the initial environment"
)

SET_DEFAULT_THEN_PRINT = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings.dev")
os.environ["GIVEN"] = "changed"
from django_prodready.audit.facts.process import initial_environ
found = initial_environ()
print(found.get("DJANGO_SETTINGS_MODULE"), found.get("GIVEN"), found.get("EMPTY"))
"""


@linux
def test_does_not_see_what_the_process_added_itself():
    environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environ |= {"GIVEN": "a=b", "EMPTY": "", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    answer = subprocess.run(
        [sys.executable, "-c", SET_DEFAULT_THEN_PRINT],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split("\n")[0] == "None a=b "


def test_keeps_an_environment_that_was_given():
    given = {"DJANGO_SETTINGS_MODULE": "site.settings"}
    assert initial_environ(given) is given


def test_copies_the_current_one_where_the_system_keeps_none(monkeypatch, tmp_path):
    monkeypatch.setattr(process, "_INITIAL", tmp_path / "absent")
    monkeypatch.setenv("ADDED_LATER", "yes")
    found = initial_environ()
    assert found == os.environ
    assert found is not os.environ


def test_skips_what_is_no_variable(monkeypatch, tmp_path):
    (tmp_path / "environ").write_bytes(b"A=1\0gunicorn: master\0=x\0B=\xff\0\0")
    monkeypatch.setattr(process, "_INITIAL", tmp_path / "environ")
    assert initial_environ() == {"A": "1", "B": "\udcff"}
