"""What holds for every check: one file, one test file, a whole page, true examples, no secret."""

import dataclasses
import importlib
from pathlib import Path

import pytest

from django_prodready.audit.documentation import HEADINGS, page_of
from django_prodready.audit.model import Outcome
from django_prodready.audit.registry import all_checks
from django_prodready.audit.testing import judge, project

TESTS = Path(__file__).parent
BUILTIN = {
    name: check
    for name, check in all_checks().items()
    if check.judge.__module__.startswith("django_prodready.")
}

PLANTED = "pl4nted-S3cret#with@both/kinds"
PLANTS = {
    "SECRET_KEY": f"{PLANTED}-key-that-is-long-enough-for-fifty-characters-0123456789",
    "DATABASES": {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "app",
            "USER": "app",
            "PASSWORD": f"{PLANTED}-database",
            "HOST": "db",
        }
    },
    "SENTRY_DSN": f"https://{PLANTED}-dsn@sentry.example.org/1",
    "EMAIL_HOST_PASSWORD": f"{PLANTED}-mail",
}


def module_of(name):
    return importlib.import_module(BUILTIN[name].judge.__module__)


def cases(kind):
    return [
        pytest.param(name, case, id=f"{name}-{position}")
        for name in BUILTIN
        for position, case in enumerate(getattr(module_of(name), kind, ()))
    ]


@pytest.mark.parametrize("name", BUILTIN)
def test_name_is_path(name):
    family, slug = name.replace("-", "_").split(".")
    assert module_of(name).__name__ == f"django_prodready.audit.checks.{family}.{slug}"


@pytest.mark.parametrize("name", BUILTIN)
def test_has_test_file_of_its_name(name):
    family, slug = name.replace("-", "_").split(".")
    assert (TESTS / family / f"test_{slug}.py").is_file()


@pytest.mark.parametrize("name", BUILTIN)
def test_page_is_whole(name):
    page = page_of(BUILTIN[name])
    assert page.title.endswith(".")
    assert len(page.title) <= 100
    assert tuple(page.sections) == HEADINGS
    assert all(page.sections.values())
    assert "https://" in page.sections["Source"]


@pytest.mark.parametrize("name", BUILTIN)
def test_has_more_silent_examples_than_loud_ones(name):
    module = module_of(name)
    assert module.BAD
    assert len(module.GOOD) >= len(module.BAD)


@pytest.mark.parametrize("name", BUILTIN)
def test_requirements_exist(name):
    assert set(BUILTIN[name].requires) <= set(BUILTIN)


@pytest.mark.parametrize(("name", "case"), cases("BAD"))
def test_bad_example_fails(name, case):
    with project(case) as facts:
        result = judge(facts, name)
    assert result.outcome is Outcome.FAIL, result
    assert len(result.findings) == case.expect
    assert len({finding.fingerprint for finding in result.findings}) == case.expect
    for finding in result.findings:
        assert finding.message.endswith("."), finding.message
        assert finding.hint.endswith("."), finding.hint
        assert finding.severity <= BUILTIN[name].severity


@pytest.mark.parametrize(("name", "case"), cases("GOOD"))
def test_good_example_is_silent(name, case):
    with project(case) as facts:
        result = judge(facts, name)
    assert result.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE), result
    assert result.findings == ()


@pytest.mark.parametrize(("name", "case"), cases("BAD"))
def test_no_secret_even_before_redaction(name, case):
    planted = {key: value for key, value in PLANTS.items() if key not in case.settings}
    secrets = [PLANTED]
    if len(str(case.settings.get("SECRET_KEY", ""))) >= 8:
        secrets.append(case.settings["SECRET_KEY"])
    case = dataclasses.replace(
        case,
        settings={**planted, **case.settings},
        environ={**case.environ, "DATABASE_URL": f"postgres://u:{PLANTED}@db/app"},
    )
    with project(case) as facts:
        if BUILTIN[name].needs and not facts.has_settings:
            return
        try:
            findings = list(BUILTIN[name].judge(facts))
        except Exception as error:  # noqa: BLE001 - an outcome with a reason, which is shown as well
            said = str(error)
        else:
            said = repr(findings)
    assert not [secret for secret in secrets if secret in said]
