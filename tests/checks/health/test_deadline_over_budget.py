import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

OURS = "django_prodready.middleware.HealthMiddleware"
POD = """
containers:
  - name: web
    {kind}Probe:
      httpGet:
        path: {path}
        port: 8000
      {more}
"""


def judge(files=None, *, middleware=(OURS,), **prodready):
    return run_check(
        "health.deadline-over-budget",
        settings={"MIDDLEWARE": list(middleware), "PRODREADY": prodready},
        files=files or {},
    )


def test_a_deadline_that_does_not_fit():
    (finding,) = judge(PROBES={"database": {"DEADLINE": 2}, "cache": {"DEADLINE": 0.5}}).findings
    assert finding.message == (
        "PROBES['database'] may take 2 s, and the whole answer has 0.9 s (READY_BUDGET): it is called down"
        " before its deadline."
    )
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "prodready",
    [
        {},
        {"PROBES": {"database": {"DEADLINE": 0.9}}},
        {"PROBES": {"database": {}}},
        {"PROBES": {"database": None}},
        {"PROBES": {"database": {"DEADLINE": 2}}, "READY_BUDGET": 2},
        {"READY_BUDGET": 5},
        {"READY_BUDGET": 0.2},
    ],
    ids=str,
)
def test_what_fits_is_silent(prodready):
    assert judge(**prodready).outcome is Outcome.PASS


def test_no_urlconf_is_imported_to_see_that_ours_is_included():
    probes = {"PROBES": {"database": {"DEADLINE": 2}}}
    urls = {"urls.py": "import no_such_module\nurlpatterns = [path('', include('django_prodready.urls'))]\n"}
    assert judge(urls, middleware=[], **probes).outcome is Outcome.FAIL
    urls = {"urls.py": "# include('django_prodready.urls')\n"}
    assert judge(urls, middleware=[], **probes).outcome is Outcome.NOT_APPLICABLE


def test_is_not_applicable_when_nothing_of_ours_answers():
    assert judge(middleware=[], PROBES={"database": {"DEADLINE": 2}}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("kind", "path", "more", "budget_s", "waits"),
    [
        ("readiness", "/ready/", "periodSeconds: 5", 1.5, "1 s"),
        ("readiness", "/ready", "timeoutSeconds: 2", 2, "2 s"),
        ("startup", "/ready/", "failureThreshold: 9", 1, "1 s"),
    ],
)
def test_a_platform_that_hangs_up_first(kind, path, more, budget_s, waits):
    files = {"deploy/web.yaml": POD.format(kind=kind, path=path, more=more)}
    (finding,) = judge(files, READY_BUDGET=budget_s).findings
    assert finding.message == (
        f"The {kind} probe in deploy/web.yaml waits {waits} for /ready/, which may take {budget_s:g} s"
        " (READY_BUDGET): it may hang up before the answer."
    )
    assert str(finding.at) == "deploy/web.yaml:4"


@pytest.mark.parametrize(
    ("path", "more", "budget_s"),
    [
        ("/ready/", "timeoutSeconds: 3", 2),
        ("/ready/", "periodSeconds: 5", 0.9),
        ("/health/", "periodSeconds: 5", 2),
        ("/other/", "periodSeconds: 5", 2),
    ],
)
def test_a_platform_that_waits_is_silent(path, more, budget_s):
    files = {"deploy/web.yaml": POD.format(kind="readiness", path=path, more=more)}
    assert judge(files, READY_BUDGET=budget_s).outcome is Outcome.PASS


@pytest.mark.parametrize(("timeout", "count"), [("timeout: 1s", 1), ("timeout: 10s", 0), ("interval: 1s", 0)])
def test_dockers_own_time_out_counts_when_it_is_written(timeout, count):
    test = (
        f"services:\n  web:\n    healthcheck:\n      test: curl -f http://localhost/ready/\n      {timeout}\n"
    )
    assert len(judge({"compose.yml": test}, READY_BUDGET=2).findings) == count


def test_says_where():
    text = 'PRODREADY = {\n    "PROBES": {\n        "database": {"DEADLINE": 2},\n    },\n}\n'
    result = run_check(
        "health.deadline-over-budget",
        settings={"MIDDLEWARE": [OURS], "PRODREADY": {"PROBES": {"database": {"DEADLINE": 2}}}},
        files={"conf.py": text},
        settings_module="conf",
    )
    assert str(result.findings[0].at) == "conf.py:3"
