"""prodcheck on the example project: a sound site is judged sound, and each way to break it is seen."""

import dataclasses
import json

import pytest


def judged(site):
    """Run prodcheck; its exit code and its report."""
    ended = site.manage("prodcheck", "--format", "json", check=False)
    return ended.returncode, json.loads(ended.stdout)


def findings(report, *levels):
    return [
        (result["check"], finding["severity"])
        for result in report["results"]
        for finding in result["findings"]
        if not levels or finding["severity"] in levels
    ]


def test_a_sound_environment_gives_no_finding(production):
    code, report = judged(production)
    assert (code, findings(report)) == (0, [])
    assert report["summary"]["checks"]["crashed"] == 0
    not_run = {result["reason"] for result in report["results"] if result["outcome"] == "not_run"}
    assert not_run == {"needs live, which this run does not have: --live opens the connections"}


def test_the_demonstration_without_servers_gives_no_warning(production):
    environment = dict(production.environment)
    for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"):
        del environment[name]
    code, report = judged(dataclasses.replace(production, environment=environment))
    assert code == 0
    assert findings(report, "critical", "error", "warning") == []


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"ALLOWED_HOSTS": "localhost"}, "hosts.local-only"),
        ({"DATABASE_URL": "postgresql://library:Zu8k-4ha@127.0.0.1:1/library"}, "db.password-weak"),
        ({"DJANGO_SETTINGS_MODULE": "librarysite.settings.dev"}, "settings.debug"),
    ],
)
def test_what_is_broken_is_seen(production, change, check):
    broken = dataclasses.replace(production, environment={**production.environment, **change})
    assert check in {name for name, _ in findings(judged(broken)[1])}
