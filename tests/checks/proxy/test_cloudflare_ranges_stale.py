import os
from datetime import UTC, date, datetime

import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.checks.proxy import cloudflare_ranges_stale
from django_prodready.audit.testing import run_check
from django_prodready.realip.ranges_file import bundled

OURS = "django_prodready.middleware.CloudflareRealIPMiddleware"
NETWORKS = "\n".join(str(network) for network in bundled().networks)


@pytest.fixture
def today(monkeypatch):
    def on(day):
        monkeypatch.setattr(cloudflare_ranges_stale, "_today", lambda: date.fromisoformat(day))

    return on


def judge(*, middleware=(OURS,), files=None, settings_module=None, **prodready):
    return run_check(
        "proxy.cloudflare-ranges-stale",
        settings={"MIDDLEWARE": list(middleware), "PRODREADY": {"CLOUDFLARE": True, **prodready}},
        files=files or {},
        settings_module=settings_module,
    )


def ranges(heading):
    return {"files": {"ranges.txt": f"{heading}\n{NETWORKS}\n"}, "CLOUDFLARE_RANGES_FILE": "ranges.txt"}


def test_the_bundled_list_when_it_is_old(today):
    today("2027-06-14")
    (finding,) = judge().findings
    assert finding.severity is Severity.INFO
    assert finding.message == (
        "Cloudflare's ranges are those of 2026-06-14 (the list of this package), 365 days ago: who is"
        " believed as Cloudflare may no longer be."
    )
    assert "manage.py prodsettings --cloudflare-ranges --write FILE" in finding.hint


@pytest.mark.parametrize(("day", "count"), [("2026-01-01", 0), ("2026-12-11", 0), ("2026-12-12", 1)])
def test_an_age_of_180_days_is_none(today, day, count):
    today(day)
    assert len(judge().findings) == count


def test_the_date_that_a_file_says(today):
    today("2027-06-14")
    assert judge(**ranges("# Cloudflare's ranges as of 2027-03-01")).outcome is Outcome.PASS
    (finding,) = judge(**ranges("# Cloudflare's ranges as of 2026-03-01")).findings
    assert "2026-03-01 (CLOUDFLARE_RANGES_FILE), 470 days ago" in finding.message


def test_else_the_time_of_its_change(today, tmp_path):
    file = tmp_path / "ranges.txt"
    file.write_text(NETWORKS)
    changed = datetime(2027, 3, 1, 12, tzinfo=UTC).timestamp()
    os.utime(file, (changed, changed))
    today("2027-06-14")
    assert judge(CLOUDFLARE_RANGES_FILE=file).outcome is Outcome.PASS
    today("2027-12-24")
    (finding,) = judge(CLOUDFLARE_RANGES_FILE=file).findings
    assert "2027-03-01" in finding.message


@pytest.mark.parametrize(
    "files",
    [{}, {"ranges.txt": "# Cloudflare's ranges as of 2030-01-01\n0.0.0.0/0\n"}],
    ids=["gone", "broken"],
)
def test_a_file_that_cannot_be_used_leaves_the_bundled_list_in_force(today, files):
    today("2030-01-01")
    (finding,) = judge(files=files, CLOUDFLARE_RANGES_FILE="ranges.txt").findings
    assert "2026-06-14 (the list of this package)" in finding.message
    today("2026-07-01")
    assert judge(files=files, CLOUDFLARE_RANGES_FILE="ranges.txt").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "case",
    [
        {"CLOUDFLARE": False},
        {"CLOUDFLARE": False, "CLOUDFLARED": ["10.0.0.2"]},
        {"middleware": ()},
        {"middleware": ("django.middleware.security.SecurityMiddleware",)},
    ],
    ids=str,
)
def test_is_not_applicable_when_no_list_is_in_force(today, case):
    today("2030-01-01")
    assert judge(**case).outcome is Outcome.NOT_APPLICABLE


def test_asks_for_the_day_of_today():
    before = datetime.now(UTC).date()
    assert before <= cloudflare_ranges_stale._today() <= datetime.now(UTC).date()


def test_says_where(today):
    today("2030-01-01")
    text = 'PRODREADY = {\n    "CLOUDFLARE": True,\n    "CLOUDFLARE_RANGES_FILE": "ranges.txt",\n}\n'
    result = judge(
        files={"conf.py": text, "ranges.txt": NETWORKS},
        settings_module="conf",
        CLOUDFLARE_RANGES_FILE="ranges.txt",
    )
    assert str(result.findings[0].at) == "conf.py:3"
