import subprocess

import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.facts import Facts
from django_prodready.audit.testing import judge

CHECK = "env.file-tracked"
SECRETS = "LOG_LEVEL=INFO\nSECRET_KEY=q8Wm2Xc7Vb4Nz9Lk1Jh6\nMAIL_TOKEN=q8Wm2Xc7Vb4\n"


@pytest.fixture
def tracking(tmp_path):
    """Judge a repository that has these files, all of them tracked."""

    def run(files, root="."):
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        subprocess.run(["git", "add", "-f", "."], cwd=tmp_path, check=True)
        return judge(Facts(root=(tmp_path / root).resolve(), settings_module=None, environ={}), CHECK)

    return run


@pytest.mark.parametrize(
    "path", [".env", ".env.production", "deploy/prod.env", ".envs/.production/.django", ".envrc"]
)
def test_secrets(tracking, path):
    (finding,) = tracking({path: SECRETS}).findings
    assert finding.message == (
        f"git tracks {path}: whoever has the repository has its secrets (SECRET_KEY, MAIL_TOKEN)."
    )
    assert finding.hint == f"Run git rm --cached {path}, add it to .gitignore, and change what it holds."
    assert finding.severity is Severity.CRITICAL
    assert str(finding.at) == f"{path}:2"


def test_many_secrets(tracking):
    text = "".join(f"{name}_TOKEN=q8Wm2Xc7Vb4\n" for name in "ABCDE")
    (finding,) = tracking({".env": text}).findings
    assert finding.message.endswith("(A_TOKEN, B_TOKEN, C_TOKEN and 2 more).")


def test_no_secret_yet(tracking):
    (finding,) = tracking({".env": "COMPOSE_PROJECT_NAME=shop\nSECRET_KEY=\n"}).findings
    assert finding.severity is Severity.INFO
    assert finding.message == "git tracks .env: the first secret that is added to it will be published."


def test_root_below_the_top(tracking):
    (finding,) = tracking({"backend/.env": SECRETS, "front/.env": SECRETS}, root="backend").findings
    assert finding.subject == ".env"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".env.example", SECRETS),
        (".env.sample", SECRETS),
        (".env.template", SECRETS),
        (".env.dist", SECRETS),
        (".env.test", SECRETS),
        (".envs/.local/.django", SECRETS),
        ("tests/.env", SECRETS),
        ("front/.env", "VITE_TITLE=Shop\n"),
        (".env.production", "LOG_LEVEL=INFO\n"),
        (".envrc", "layout python3\n"),
        (".env.production", "SECRET_KEY=${SECRET_KEY}\nMAIL_TOKEN=changeme\n"),
        ("shop/env.py", SECRETS),
    ],
)
def test_silent(tracking, path, text):
    assert tracking({path: text}).outcome is Outcome.PASS


def test_file_that_is_tracked_and_gone(tracking, tmp_path):
    tracking({".env.production": SECRETS})
    (tmp_path / ".env.production").unlink()
    assert judge(Facts(root=tmp_path, settings_module=None, environ={}), CHECK).outcome is Outcome.PASS


def test_no_work_tree(tmp_path):
    (tmp_path / ".env").write_text(SECRETS)
    result = judge(Facts(root=tmp_path, settings_module=None, environ={}), CHECK)
    assert result.outcome is Outcome.NOT_APPLICABLE


def test_index_that_cannot_be_read(tracking, tmp_path):
    tracking({".env": SECRETS})
    (tmp_path / ".git" / "index").write_bytes(b"DIRC")
    assert judge(Facts(root=tmp_path, settings_module=None, environ={}), CHECK).outcome is Outcome.NOT_RUN
