from pathlib import Path

import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.checks.middleware import import_error
from django_prodready.audit.facts import Facts
from django_prodready.audit.model import NotRun
from django_prodready.audit.testing import run_check

SECURITY = "django.middleware.security.SecurityMiddleware"


def judge(*paths, **kwargs):
    return run_check("middleware.import-error", settings={"MIDDLEWARE": list(paths)}, **kwargs)


@pytest.mark.parametrize(
    ("path", "reason", "hint"),
    [
        ("absent_pkg.middleware.Tenant", "there is no module absent_pkg.", "Install what has absent_pkg,"),
        ("django.absent.Tenant", "there is no module django.absent.", "correct the entry"),
        ("django.middleware.gzip.Absent", "django.middleware.gzip has no Absent.", "Correct the name"),
        ("SecurityMiddleware", "it is no dotted path.", "a dot"),
        ("", "it is no dotted path.", "a dot"),
        (None, "it is no dotted path.", "a dot"),
        ("needing.Tenant", "it imports absent_pkg, which is not there.", "Install what has absent_pkg, or"),
        ("raising.Tenant", "RuntimeError while importing raising.", 'shell -c "import raising"'),
        ("circular.Tenant", "ImportError while importing circular.", "mend what"),
        ("nameless.Tenant", "ModuleNotFoundError while importing nameless.", "mend what"),
        ("leaving.Tenant", "SystemExit while importing leaving.", "mend what"),
        ("attribute.Tenant", "AttributeError while importing attribute.", "mend what"),
    ],
)
def test_names_the_entry_and_the_cause(path, reason, hint):
    files = {
        "needing.py": "import absent_pkg.cors\n",
        "raising.py": "raise RuntimeError('postgres://app:hunter2@db/app')\n",
        "circular.py": "from django.http import no_such_name\n",
        "nameless.py": "raise ModuleNotFoundError('hunter2')\n",
        "leaving.py": "raise SystemExit('hunter2')\n",
        "attribute.py": "import os\nos.hunter2\n",
    }
    (finding,) = judge(SECURITY, path, files=files).findings
    assert repr(path) in finding.message
    assert reason in finding.message
    assert hint in finding.hint
    assert finding.subject == "MIDDLEWARE[1]"
    assert "hunter2" not in repr(finding)


@pytest.mark.parametrize(
    "paths",
    [
        [],
        None,
        [SECURITY],
        [SECURITY, "django.middleware.common.CommonMiddleware"],
        ["shop.middleware.Tenant", "shop.middleware.tenant"],
        ["django_prodready.middleware.HealthMiddleware", "whitenoise.middleware.WhiteNoiseMiddleware"],
        ["shop.middleware.Refusing"],
    ],
)
def test_is_silent(paths):
    code = (
        "from django.core.exceptions import MiddlewareNotUsed\n"
        "class Tenant: ...\n"
        "def tenant(get_response): ...\n"
        "class Refusing:\n    def __init__(self, get_response):\n        raise MiddlewareNotUsed\n"
    )
    files = {"shop/__init__.py": "", "shop/middleware.py": code}
    result = run_check("middleware.import-error", settings={"MIDDLEWARE": paths}, files=files)
    assert result.outcome is Outcome.PASS


def test_a_string_is_one_finding():
    (finding,) = run_check("middleware.import-error", settings={"MIDDLEWARE": SECURITY}).findings
    assert finding.subject == "MIDDLEWARE"
    assert finding.message.startswith("MIDDLEWARE is a string,")


def test_reports_each_entry_where_it_is_written():
    files = {"conf.py": 'MIDDLEWARE = [\n    "absent_pkg.A",\n    "absent_pkg.B",\n]\n'}
    findings = judge("absent_pkg.A", "absent_pkg.B", files=files, settings_module="conf").findings
    assert [str(finding.at) for finding in findings] == ["conf.py:2", "conf.py:3"]


def test_fingerprint_survives_reordering():
    (first,) = judge("absent_pkg.A", SECURITY).findings
    (second,) = judge(SECURITY, "absent_pkg.A").findings
    assert first.fingerprint == second.fingerprint


def test_does_not_blame_middleware_when_the_project_could_not_be_set_up():
    facts = Facts(root=Path(), settings_module=None, load_failure=RuntimeError())
    with pytest.raises(NotRun):
        list(import_error.judge.judge(facts))
