import subprocess

import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.checks.secrets import in_repo
from django_prodready.audit.facts import Facts
from django_prodready.audit.testing import judge, run_check

CHECK = "secrets.in-repo"
STRIPE = "sk_" + "live_q8Wm2Xc7Vb4Nz9Lk1Jh6Gf3D"
GOOGLE = "AI" + "zaq8Wm2Xc7Vb4Nz9Lk1Jh6Gf3Ds5Ap0YtRuEo"


def test_token():
    (finding,) = run_check(CHECK, files={"shop/pay.py": f"\n\nKEY = '{STRIPE}'\n"}).findings
    assert finding.message == (
        "shop/pay.py holds a Stripe secret key (sk_live_…): whoever has the repository can use it."
    )
    assert finding.hint == (
        "Revoke it at the service, and let the settings read the new one from the environment."
    )
    assert str(finding.at) == "shop/pay.py:3"
    assert finding.severity is Severity.ERROR
    assert STRIPE[8:14] not in repr(finding)


def test_google_key():
    (finding,) = run_check(CHECK, files={"shop/map.py": f"KEY = '{GOOGLE}'\n"}).findings
    assert finding.severity is Severity.WARNING


def test_fingerprints_stay_when_lines_move():
    first = run_check(CHECK, files={"a.py": f"A = '{STRIPE}'\nB = '{STRIPE}1'\n"}).findings
    second = run_check(CHECK, files={"a.py": f"\n\nA = '{STRIPE}'\n\nB = '{STRIPE}1'\n"}).findings
    assert [finding.fingerprint for finding in first] == [finding.fingerprint for finding in second]
    assert len({finding.fingerprint for finding in first}) == 2


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"tests/test_pay.py": STRIPE},
        {"docs/pay.rst": STRIPE},
        {"README.md": STRIPE},
        {"examples/pay.py": STRIPE},
        {"shop/fixtures/pay.json": STRIPE},
        {"a.png": STRIPE},
        {"a.py": "KEY = os.environ['sk_live_']\n"},
        {"node_modules/a/index.js": STRIPE},
        {".env": STRIPE, ".env.production": STRIPE, "prod.env": STRIPE},
        {"shop/local_settings.py": STRIPE, "secrets/stripe.txt": STRIPE, "certs/shop.key": STRIPE},
    ],
)
def test_silent(files):
    assert run_check(CHECK, files=files).outcome is Outcome.PASS


def test_only_what_git_tracks(tmp_path):
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for name in ("tracked.py", "untracked.py", ".env"):
        (tmp_path / name).write_text(f"KEY = '{STRIPE}'\n")
    subprocess.run(["git", "add", "tracked.py", ".env"], cwd=tmp_path, check=True)
    result = judge(Facts(root=tmp_path, settings_module=None, environ={}), CHECK)
    assert [finding.subject for finding in result.findings] == [".env", "tracked.py"]


def test_file_that_is_gone(tmp_path):
    (tmp_path / "a.py").write_text("A = 1\n")
    facts = Facts(root=tmp_path, settings_module=None, environ={})
    assert facts.files.paths == ("a.py",)
    (tmp_path / "a.py").unlink()
    assert judge(facts, CHECK).outcome is Outcome.PASS


def test_disk_that_is_slow(monkeypatch):
    monkeypatch.setattr(in_repo, "_BUDGET_S", -1.0)
    result = run_check(CHECK, files={"a.py": "", "b.py": ""})
    assert result.outcome is Outcome.NOT_RUN
    assert result.reason == "0 of 2 files were searched within -1 s"
