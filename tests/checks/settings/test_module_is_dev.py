import os

import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check


def entry(module):
    return f'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "{module}")\n'


DEV, LIVE = entry("config.settings.local"), entry("a.live")


def judge(files=None, settings_module=None, variable=None, **settings):
    environ = {} if variable is None else {"DJANGO_SETTINGS_MODULE": variable}
    return run_check(
        "settings.module-is-dev",
        settings={"DEBUG": True, **settings},
        files=files,
        settings_module=settings_module,
        environ=environ,
    )


def test_wsgi_falls_back_to_development():
    files = {"manage.py": DEV, "config/wsgi.py": DEV}
    (finding,) = judge(files, "config.settings.local").findings
    assert finding.message == (
        "Without DJANGO_SETTINGS_MODULE in its environment the server uses config.settings.local, "
        "development settings by their name, and no deployment file sets other ones."
    )
    assert finding.hint == (
        "Let config/wsgi.py name the production settings, or set DJANGO_SETTINGS_MODULE in the image."
    )
    assert str(finding.at) == "config/wsgi.py:3"
    assert finding.severity is Severity.ERROR


def test_wsgi_falls_back_to_development_while_production_is_judged():
    (finding,) = judge({"config/wsgi.py": DEV}, "a.live").findings
    assert finding.severity is Severity.WARNING


def test_manage_counts_when_there_is_no_other_entry():
    (finding,) = judge({"manage.py": DEV}).findings
    assert str(finding.at) == "manage.py:3"


def test_compose_file_for_development_decides_nothing():
    files = {"compose.yml": "- DJANGO_SETTINGS_MODULE=config.settings.local\n", "config/wsgi.py": DEV}
    (finding,) = judge(files, "config.settings.local").findings
    assert finding.at.file == "config/wsgi.py"


@pytest.mark.parametrize(
    "judged", ["config.settings.dev", "settings_local", "shop.test", "shop.dev_settings2"]
)
def test_judged_settings_are_for_development(judged):
    (finding,) = judge(settings_module=judged).findings
    assert finding.message == f"The settings in use, {judged}, are development settings by their name."
    assert finding.severity is Severity.ERROR


def test_the_environment_names_development():
    (finding,) = judge({"config/wsgi.py": LIVE}, "config.settings.dev", "config.settings.dev").findings
    assert (
        finding.message == "The settings in use, config.settings.dev, are development settings by their name."
    )


@pytest.mark.parametrize(
    ("files", "variable", "used", "hint", "at"),
    [
        ({"manage.py": DEV, "config/wsgi.py": LIVE}, None, "a.live", "a.live", "config/wsgi.py:3"),
        ({}, "a.live", "a.live", "a.live", "None"),
        (
            {"compose.yml": "- DJANGO_SETTINGS_MODULE=$SETTINGS\n"},
            None,
            "a module that its environment names",
            "MODULE",
            "compose.yml:1",
        ),
    ],
)
def test_development_is_judged_while_the_server_uses_another(files, variable, used, hint, at):
    (finding,) = judge(files, "config.settings.local", variable).findings
    assert finding.message == (
        f"This report judges config.settings.local, development settings by name; the server uses {used}."
    )
    assert finding.hint == f"Run prodcheck with --settings {hint}."
    assert str(finding.at) == at
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("files", "judged", "variable"),
    [
        ({"manage.py": DEV, "config/wsgi.py": LIVE}, "a.live", None),
        ({"manage.py": DEV, "config/wsgi.py": LIVE}, None, None),
        ({"config/wsgi.py": DEV, "config/asgi.py": LIVE}, "a.live", None),
        ({"config/wsgi.py": DEV}, "a.live", "a.live"),
        ({"config/wsgi.py": DEV}, "a.live", "config.settings.dev"),
        ({"config/wsgi.py": DEV, "Dockerfile": "ENV DJANGO_SETTINGS_MODULE=a.live"}, None, None),
        ({"config/wsgi.py": DEV, "compose.yml": "DJANGO_SETTINGS_MODULE: ${SETTINGS}"}, None, None),
        ({"config/wsgi.py": DEV, "Procfile": "web: DJANGO_SETTINGS_MODULE=a.live gunicorn a"}, None, None),
        ({"config/wsgi.py": DEV, ".env": "DJANGO_SETTINGS_MODULE=a.live"}, None, None),
        ({"manage.py": DEV, "config/wsgi.py": "from configurations.wsgi import application\n"}, None, None),
        (
            {"manage.py": entry("shop.settings"), "shop/wsgi.py": entry("shop.settings")},
            "shop.settings",
            None,
        ),
        ({"manage.py": DEV, "other/wsgi.py": "", "config/asgi.py": LIVE}, None, None),
        ({}, "config.settings.staging", None),
        ({}, "config.settings.base", None),
        ({}, "local.settings", None),
        ({}, "shop.latest", None),
        ({}, "shop.settings_dev_server", None),
        ({}, None, None),
    ],
)
def test_is_silent(files, judged, variable):
    assert judge(files, judged, variable).outcome is Outcome.PASS


def test_local_settings_without_debug_may_be_those_of_the_one_server():
    files = {"manage.py": DEV, "config/wsgi.py": DEV}
    assert judge(files, "config.settings.local", DEBUG=False).outcome is Outcome.PASS
    assert judge(files, "config.settings.test", DEBUG=False).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("other", "outcome"), [("site_b/site_b/wsgi.py", Outcome.PASS), ("site_a/site_a/wsgi.py", Outcome.FAIL)]
)
def test_looks_beside_the_manage_py_that_was_called(tmp_path, other, outcome):
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.testing import judge as judge_facts

    for path, text in {"site_a/manage.py": "", other: DEV}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    facts = Facts(
        root=tmp_path, settings_module="site_a.settings", environ={}, entry=tmp_path / "site_a" / "manage.py"
    )
    assert judge_facts(facts, "settings.module-is-dev").outcome is outcome


def test_what_manage_py_put_into_the_environment_proves_nothing(tmp_path, monkeypatch):
    from django_prodready.audit.facts import Facts, process
    from django_prodready.audit.testing import judge as judge_facts

    (tmp_path / "environ").write_bytes(b"PATH=/bin\0")
    (tmp_path / "wsgi.py").write_text(DEV)
    monkeypatch.setattr(process, "_INITIAL", tmp_path / "environ")
    monkeypatch.setitem(os.environ, "DJANGO_SETTINGS_MODULE", "a.live")
    facts = Facts(root=tmp_path, settings_module="a.live")
    assert judge_facts(facts, "settings.module-is-dev").outcome is Outcome.FAIL
