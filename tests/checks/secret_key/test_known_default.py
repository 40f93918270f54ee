import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

STRONG = "b8K2xQ9mL4" * 5


def judge(key=STRONG, fallbacks=(), **kwargs):
    settings = {"SECRET_KEY": key, "SECRET_KEY_FALLBACKS": list(fallbacks)}
    return run_check("secret-key.known-default", settings=settings, **kwargs)


@pytest.mark.parametrize(
    "key",
    [
        "!!!SET DJANGO_SECRET_KEY!!!",
        "changeme",
        "CHANGEME!!!",
        "change-me-in-production-min-32-chars",
        "change-this-later-with-a-random-secret",
        "changemeplease",
        "zzz-change-this-in-production-zzz",
        "django-insecure-change-me-in-production",
        "django-insecure-railway-key-change-in-production-abc123xyz789",
        "replace_with_a_long_random_secret",
        "REPLACE-WITH-A-50-CHAR-RANDOM-STRING-GENERATE-ONE-BELOW",
        "your-secret-key",
        "your_django_secret_key",
        "your-new-secure-secret-key-here",
        "your-new-secure-django-secret-key",
        "<generate-50-char-random-string>",
        "<your secret key>",
        "<a string of random characters>",
        "ThisIsAnExampleKeyForDevPurposeOnly",
        "secret key used for tests only",
        "django_tests_secret_key",
        "UNSAFE_DEFAULT",
        "dummydummydummydummydummydummydummydummydummydummydummy",
        "secret",
        "supersecretkey123",
        "insecure",
        "'changeme'",
        " changeme\n",
        "${SECRET_KEY}",
        "$DJANGO_SECRET_KEY",
        "{{ secret_key }}",
        "%(secret)s",
    ],
)
def test_knows_placeholders(key):
    (finding,) = judge(key).findings
    assert finding.message.startswith("SECRET_KEY is a placeholder and no key:")
    assert len(key) < 10 or key not in repr(finding)


def test_knows_the_defaults_of_projects():
    (finding,) = judge("aw3+t2r(8(0kkrhg8)gx6i96v5^kv%6cfep9wxfom0%7dy0m9e").findings
    assert finding.message.startswith("SECRET_KEY is the key that Taiga publishes in its repository:")


def test_knows_them_as_bytes_and_with_white_space():
    assert judge(b"p7z7g1ql4%6+(6nlebb6hdk7sd^&fnjpal308%n%+p^_e6vo1y\n").outcome is Outcome.FAIL


def test_judges_each_fallback():
    first, second = judge(fallbacks=["changeme", STRONG, "your-secret-key"]).findings
    assert first.subject == "SECRET_KEY_FALLBACKS[0]"
    assert second.hint == "Remove SECRET_KEY_FALLBACKS[2]."


@pytest.mark.parametrize(
    "key",
    [
        STRONG,
        "",
        None,
        "---",
        "library-production-b8K2xQ9mL4b8K2xQ9mL4",
        "secret-b8K2xQ9mL4b8K2xQ9mL4b8K2xQ9mL4b8K2xQ9mL4",
        "django-insecure-" + STRONG,
        "correct horse battery staple",
        "<b8K2#xQ9mL4b8K2xQ9mL4>",
        "$b8K2xQ9mL4b8K2xQ9mL4",
        "12345678901234567890",
        "85920908f28904ed733fe576320db18cabd7b6ce",
        "exchange-me-b8K2xQ9mL4",
        "change-median-b8K2xQ9mL4",
    ],
)
def test_is_silent(key):
    assert judge(key).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "key", ["secretkey" * 99 + "é", "1" * 999 + "z", "to" * 499 + "q", "<" + "a " * 499 + "q"]
)
def test_long_keys_do_not_pass_the_deadline(key):
    assert judge(key).outcome is Outcome.PASS


def test_says_where():
    files = {"conf.py": 'SECRET_KEY = "changeme"\nSECRET_KEY_FALLBACKS = [\n    "changeit",\n]\n'}
    first, second = judge("changeme", ["changeit"], files=files, settings_module="conf").findings
    assert [str(first.at), str(second.at)] == ["conf.py:1", "conf.py:3"]
