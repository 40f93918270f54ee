from celery.app import defaults

from django_prodready.audit.facts.celery_names import EXTRA, OLD_NAMES, OPTIONS


def test_knows_every_option_of_the_installed_celery():
    assert set(defaults.DEFAULTS) <= OPTIONS


def test_knows_the_old_name_of_each():
    assert {name: OLD_NAMES[name] for name in defaults._TO_OLD_KEY} == defaults._TO_OLD_KEY


def test_extra_options_have_no_default():
    assert not EXTRA & OPTIONS
