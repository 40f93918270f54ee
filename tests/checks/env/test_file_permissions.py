import os
import shutil
import tempfile
from pathlib import Path

import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.checks.env import file_permissions
from django_prodready.audit.facts import Facts
from django_prodready.audit.testing import judge, run_check

CHECK = "env.file-permissions"
SECRETS = "SECRET_KEY=q8Wm2Xc7Vb4Nz9Lk1Jh6\n"
KEY = "-----BEGIN PRIVATE KEY-----\nq8Wm\n"


@pytest.fixture
def folder():
    """A folder that everybody may enter; pytest's own are closed."""
    path = Path(tempfile.mkdtemp(prefix="prodcheck-open-")).resolve()
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def judged(root, mode, path=".env", text=SECRETS, entry=None, **environ):
    file = root / path
    file.parent.mkdir(exist_ok=True)
    file.parent.chmod(0o755)
    file.write_text(text)
    file.chmod(mode)
    return judge(Facts(root=root, settings_module=None, environ=environ, entry=entry), CHECK)


@pytest.mark.parametrize(
    ("path", "text"), [(".env", SECRETS), (".env.production", SECRETS), ("shop.key", KEY), ("a.pem", KEY)]
)
@pytest.mark.parametrize("mode", [0o644, 0o604, 0o666])
def test_open(folder, path, text, mode):
    (finding,) = judged(folder, mode, path, text).findings
    assert finding.message.startswith(f"{path}, ")
    assert finding.message.endswith(", can be read by every account of the machine.")
    assert finding.hint == f"Run chmod 600 {path}, as the user that the server runs as."


def test_file_of_a_variable(folder):
    (finding,) = judged(folder, 0o644, "key", "q8Wm2Xc7", SECRET_KEY_FILE=str(folder / "key")).findings
    assert finding.message == "key, which SECRET_KEY_FILE names, can be read by every account of the machine."


def test_beside_the_manage_py(folder):
    entry = folder / "site" / "manage.py"
    (finding,) = judged(folder, 0o644, "site/.env", entry=entry).findings
    assert finding.subject == "site/.env"


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o400])
def test_closed(folder, mode):
    assert judged(folder, mode).outcome is Outcome.PASS


def test_folder_that_nobody_else_may_enter(folder):
    assert judged(folder, 0o644).outcome is Outcome.FAIL
    folder.chmod(0o750)
    facts = Facts(root=folder, settings_module=None, environ={})
    assert judge(facts, CHECK).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".env.example", SECRETS),
        (".env", "LOG_LEVEL=INFO\n"),
        ("a.pem", "-----BEGIN CERTIFICATE-----\n"),
        ("a.txt", KEY),
        ("site/.env", SECRETS),
    ],
)
def test_other_files(folder, path, text):
    assert judged(folder, 0o644, path, text).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "environ",
    [
        {"SECRET_KEY_FILE": "/run/secrets/key"},
        {"SECRET_KEY_FILE": "key"},
        {"SECRET_KEY_FILE": "/nowhere/at/all"},
        {"SECRET_KEY_FILE": "/\0"},
        {"LOG_FILE": "/etc/hosts"},
        {"SECRET_KEY": "/etc/hosts"},
    ],
)
def test_other_variables(environ):
    assert run_check(CHECK, environ=environ).outcome is Outcome.PASS


def test_system_without_permissions(monkeypatch):
    class Windows:
        name = "nt"

    monkeypatch.setattr(file_permissions, "os", Windows)
    assert os.name == "posix"
    assert run_check(CHECK).outcome is Outcome.NOT_APPLICABLE
