import pytest

from django_prodready.audit import Case, Outcome
from django_prodready.audit.testing import judge, project, run_check
from django_prodready.settings import SettingsError, SettingsMixin, env
from django_prodready.settings.environment.build import placeholder

CHECK = "env.build-phase-at-runtime"


class Shop(SettingsMixin):
    MAIL_TOKEN: str = env.secret("MAIL_TOKEN")


def test_declared_where_nothing_is_built():
    with pytest.raises(SettingsError) as caught:
        Shop.apply({"__name__": "conf"}, {"PRODREADY_BUILD": "1"})
    with project(Case()) as facts, pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(facts), "has_settings", False)
        facts.load_failure = caught.value
        (finding,) = judge(facts, CHECK).findings
        assert judge(facts, "env.missing-required").outcome is Outcome.NOT_APPLICABLE
    assert (
        finding.message == "The environment variable PRODREADY_BUILD is set, and this process builds nothing."
    )
    assert finding.subject == "PRODREADY_BUILD"


def test_placeholders_in_force():
    settings = {"MAIL_TOKEN": placeholder(), "CACHES": {"default": {"LOCATION": f"redis://{placeholder()}"}}}
    (finding,) = run_check(CHECK, settings=settings).findings
    assert finding.message == "Placeholders of the build phase are in force: CACHES, MAIL_TOKEN."
    assert placeholder() not in repr(finding)


@pytest.mark.parametrize("environ", [{}, {"PRODREADY_BUILD": "0"}, {"PRODREADY_BUILD": "1"}])
def test_silent(environ):
    assert run_check(CHECK, environ=environ).outcome is Outcome.PASS


def test_other_problems_of_the_environment():
    with pytest.raises(SettingsError) as caught:
        Shop.apply({"__name__": "conf"}, {})
    with project(Case()) as facts:
        facts.load_failure = caught.value
        assert judge(facts, CHECK).outcome is Outcome.PASS
