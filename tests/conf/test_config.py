"""What the rest of the package sees of settings.PRODREADY."""

import dataclasses
import logging
from pathlib import Path

import pytest
from django.test import override_settings

from django_prodready.conf import Config, get_config


def test_every_key_has_the_default_that_is_documented():
    assert get_config() == Config(
        version=None,
        health_path="health/",
        ready_path="ready/",
        startup_path="startup/",
        health_tokens=(),
        probes={},
        ready_budget=0.9,
        ready_ttl=1.0,
        drain_seconds=0,
        drain_file=None,
        trusted_proxies=(),
        cloudflare=False,
        cloudflare_ranges_file=None,
        cloudflared=(),
        trust_unix_socket=False,
        cloudflare_secrets=(),
        cloudflare_secret_header="X-Origin-Secret",
        cloudflare_only=False,
        facts={},
    )


def test_is_read_once():
    assert get_config() is get_config()


def test_is_read_again_after_the_setting_changed():
    assert get_config().version is None
    with override_settings(PRODREADY={"VERSION": "2026.11"}):
        assert get_config().version == "2026.11"
    assert get_config().version is None


def test_another_setting_that_changes_is_no_reason_to_read_again(settings):
    before = get_config()
    settings.DEBUG = True
    assert get_config() is before


def test_is_frozen(settings):
    settings.PRODREADY = {"FACTS": {"tls": "proxy"}, "PROBES": {"search": {"CRITICAL": False}}}
    config = get_config()
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.version = "1"
    with pytest.raises(TypeError):
        config.facts["tls"] = "app"
    with pytest.raises(TypeError):
        config.probes["search"]["CRITICAL"] = True


@pytest.mark.parametrize("written", ["live/", "/live/", "live", "/live"])
def test_paths_have_one_form_however_they_are_written(settings, written):
    settings.PRODREADY = {"HEALTH_PATH": written}
    assert get_config().health_path == "live/"


def test_values_have_one_type_however_they_are_written(settings):
    settings.PRODREADY = {
        "HEALTH_PATH": None,
        "DRAIN_FILE": "run/drain",
        "CLOUDFLARE_RANGES_FILE": Path("ranges.txt"),
        "TRUSTED_PROXIES": ["10.0.0.0/8"],
        "READY_TTL": 2,
    }
    config = get_config()
    assert config.health_path is None
    assert config.drain_file == Path("run/drain")
    assert config.cloudflare_ranges_file == Path("ranges.txt")
    assert config.trusted_proxies == ("10.0.0.0/8",)
    assert config.ready_ttl == 2


def test_a_change_to_the_users_list_changes_nothing(settings):
    proxies = ["10.0.0.1"]
    settings.PRODREADY = {"TRUSTED_PROXIES": proxies}
    config = get_config()
    proxies.append("0.0.0.0/0")
    assert config.trusted_proxies == ("10.0.0.1",)


def test_what_is_invalid_has_its_default_and_is_logged_once_without_its_value(settings, caplog):
    settings.PRODREADY = {
        "HEALTH_PATH": 41976,
        "HEALTH_TOKENS": "hunter2-token",
        "HELTH_PATH": "hunter2-path",
        "VERSION": "1.4",
    }
    with caplog.at_level(logging.INFO, logger="django_prodready"):
        config = get_config()
        get_config()
    assert (config.health_path, config.health_tokens, config.version) == ("health/", (), "1.4")
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 3
    assert {record.name for record in caplog.records} == {"django_prodready"}
    for name in ("HEALTH_PATH", "HEALTH_TOKENS", "HELTH_PATH"):
        assert caplog.text.count(f"PRODREADY['{name}']") == 1
    assert "hunter2" not in caplog.text
    assert "41976" not in caplog.text


def test_what_may_be_secret_is_not_in_the_repr(settings):
    settings.PRODREADY = {
        "VERSION": "1.4",
        "HEALTH_TOKENS": ["hunter2"],
        "CLOUDFLARE_SECRETS": ["hunter2"],
        "PROBES": {"redis": {"OPTIONS": {"url": "redis://:hunter2@redis"}}},
    }
    shown = repr(get_config())
    assert "version='1.4'" in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize("raw", [None, [], "health/", 3])
def test_a_setting_that_is_no_dict_leaves_every_default(settings, caplog, raw):
    settings.PRODREADY = raw
    assert get_config() == Config()
    assert "PRODREADY must be a dict." in caplog.text


def test_only_valid_facts_are_kept(settings, caplog):
    settings.PRODREADY = {"FACTS": {"tls": "proxy", "hsts": "cdn", "replicas": True, "color": "red", 3: 4}}
    assert get_config().facts == {"tls": "proxy"}
    assert len(caplog.records) == 4


def test_what_is_invalid_in_a_probe_has_its_default(settings, caplog):
    settings.PRODREADY = {
        "PROBES": {
            "cache": None,
            "search": {"PROBE": "shop.probes.Search", "OPTIONS": {"index": "books"}, "DEADLINE": True},
            7: {},
        }
    }
    assert get_config().probes == {
        "cache": None,
        "search": {"PROBE": "shop.probes.Search", "OPTIONS": {"index": "books"}},
    }
    assert len(caplog.records) == 2


@pytest.mark.parametrize(
    ("entry", "kept"),
    [
        ({"PROBE": 3, "CRITICAL": "no"}, {"PROBE": None}),
        ({"PROBE": "shop.probes.Mail", "OPTIONS": ["a"]}, {"PROBE": "shop.probes.Mail", "OPTIONS": None}),
        ("shop.probes.Mail", {"PROBE": None, "OPTIONS": None}),
    ],
)
def test_a_probe_whose_entry_is_broken_does_not_vanish(settings, caplog, entry, kept):
    settings.PRODREADY = {"PROBES": {"mail": entry}}
    assert get_config().probes == {"mail": kept}
    assert "PRODREADY['PROBES']['mail']" in caplog.text


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        ("s", ("",)),
        (None, ("",)),
        ([""], ("",)),
        (["old", "", None], ("old", "", "")),
        ([], ()),
        (["s"], ("s",)),
    ],
)
def test_a_wrong_list_of_secrets_does_not_become_an_empty_one(settings, raw, left):
    settings.PRODREADY = {"CLOUDFLARE_SECRETS": raw}
    assert get_config().cloudflare_secrets == left
