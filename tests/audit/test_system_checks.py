"""The static checks in ``manage.py check --deploy``, and how they get along with Django's own."""

import socket
import subprocess

import pytest
from django.core import checks as django_checks
from django.core.checks.registry import registry as django_registry
from django.db.backends.base.base import BaseDatabaseWrapper

from django_prodready.audit import Need, registry, twins
from django_prodready.audit.system_checks import deploy_checks


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["pytest"])
    return tmp_path


@pytest.fixture
def sound(settings):
    """Nothing for either to report, but for what the test changes."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 3600
    settings.SESSION_COOKIE_SECURE = True
    settings.CSRF_COOKIE_SECURE = True
    settings.SILENCED_SYSTEM_CHECKS = []
    return settings


def ids(messages):
    return {message.id for message in messages}


def run():
    """All messages of a --deploy run, Django's and ours, and those that are not silenced."""
    messages = django_checks.run_checks(include_deployment_checks=True)
    return ids(messages), ids(message for message in messages if not message.is_silenced())


def test_is_registered_for_deploy_runs_only():
    assert deploy_checks in django_registry.get_checks(include_deployment_checks=True)
    assert deploy_checks not in django_registry.get_checks()


def test_reports_what_django_does_not(sound, root):
    sound.ALLOWED_HOSTS = ["www.example.org", "*.example.org"]
    (message,) = [message for message in deploy_checks(None) if message.id == "prodready.hosts.unmatchable"]
    assert message.level == django_checks.ERROR
    assert "'*.example.org' can never match" in message.msg
    assert message.obj == "ALLOWED_HOSTS[1]"
    assert message.hint


def test_says_where(sound, root, monkeypatch):
    (root / "live.py").write_text("ALLOWED_HOSTS = ['*.example.org']\n")
    monkeypatch.syspath_prepend(root)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "live")
    sound.SETTINGS_MODULE = "live"
    sound.ALLOWED_HOSTS = ["*.example.org"]
    (message,) = [message for message in deploy_checks(None) if message.id == "prodready.hosts.unmatchable"]
    assert message.msg.endswith("(live.py:1)")


def test_stays_silent_where_django_speaks(sound):
    sound.DEBUG = True
    assert "prodready.settings.debug" not in ids(deploy_checks(None))
    assert "security.W018" in run()[1]


def test_speaks_where_django_is_silent(sound, monkeypatch):
    sound.DEBUG = True
    monkeypatch.setattr(twins, "fired", lambda checks: frozenset())
    assert "prodready.settings.debug" in ids(deploy_checks(None))


@pytest.mark.parametrize("silenced", ["security.W018", "prodready.settings.debug"])
def test_silencing_either_silences_both(sound, silenced):
    sound.DEBUG = True
    sound.SILENCED_SYSTEM_CHECKS = [silenced]
    _, shown = run()
    assert not {"security.W018", "prodready.settings.debug"} & shown
    assert twins.silenced(registry.all_checks().values())["settings.debug"]


def test_silenced_ones_are_counted_by_django(sound):
    sound.ALLOWED_HOSTS = ["*.example.org"]
    sound.SILENCED_SYSTEM_CHECKS = ["prodready.hosts.unmatchable"]
    found, shown = run()
    assert "prodready.hosts.unmatchable" in found - shown


def test_ignored_ones_are_not_shown(sound, root):
    sound.ALLOWED_HOSTS = ["*.example.org"]
    (root / "prodready.toml").write_text("ignore = [{check = 'hosts.unmatchable', reason = 'why not'}]")
    assert "prodready.hosts.unmatchable" not in ids(deploy_checks(None))


def test_a_malformed_configuration_is_one_message(sound, root):
    (root / "prodready.toml").write_text("colour = 1")
    (message,) = deploy_checks(None)
    assert message.id == "prodready.configuration"
    assert "unknown key 'colour'" in message.msg


def test_a_crashed_check_is_one_message(sound, monkeypatch):
    def crash(facts):
        raise ValueError("hunter2")

    import dataclasses

    from django_prodready.audit import registry as live

    broken = dataclasses.replace(live.all_checks()["hosts.unmatchable"], judge=crash)
    monkeypatch.setattr(live, "all_checks", lambda: {"hosts.unmatchable": broken})
    (message,) = deploy_checks(None)
    assert message.id == "prodready.hosts.unmatchable"
    assert message.level == django_checks.WARNING
    assert "ValueError" in message.msg
    assert "hunter2" not in str(message)


def test_is_silent_for_a_run_that_names_apps(sound):
    sound.ALLOWED_HOSTS = ["*.example.org"]
    assert deploy_checks([object()]) == []


def test_touches_nothing_outside(sound, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a static check went outside")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setattr(BaseDatabaseWrapper, "connect", refuse)
    crashed = [message for message in deploy_checks(None) if "could not judge" in message.msg]
    assert crashed == []


def test_what_goes_outside_is_not_static():
    for check in registry.all_checks().values():
        if check.needs & {Need.PROCESS, Need.REQUESTS, Need.LIVE, Need.URL, Need.REPORT}:
            assert not check.is_static


def test_no_twin_no_run():
    assert twins.fired([]) == frozenset()
