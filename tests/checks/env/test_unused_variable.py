import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check
from django_prodready.settings import SettingsMixin, env

CHECK = "env.unused-variable"
SOURCE = "import os\nHOSTS = os.environ.get('ALLOWED_HOSTS', '')\nKEY = os.environ.get('DJANGO_STRIPE_KEY')\n"


class Shop(SettingsMixin):
    MAIL_TOKEN = env.secret("MAIL_TOKEN")


def of(*names, source=SOURCE, files=None):
    return run_check(
        CHECK,
        files={"conf.py": source, **(files or {})},
        settings_module="conf",
        environ=dict.fromkeys(names, "q8Wm2Xc7"),
    )


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ALLOWED_HOST", "ALLOWED_HOSTS"),
        ("ALOWED_HOSTS", "ALLOWED_HOSTS"),
        ("allowed_hosts", "ALLOWED_HOSTS"),
        ("DJANGO_ALLOWED_HOSTS", "ALLOWED_HOSTS"),
        ("STRIPE_KEY", "DJANGO_STRIPE_KEY"),
    ],
)
def test_misspelled(name, meant):
    (finding,) = of(name, "PATH").findings
    assert (
        finding.message == f"The variable {name} is set, and nothing reads it; {meant} is read, and not set."
    )
    assert finding.hint == f"Rename {name} to {meant}, or unset it."
    assert finding.at.file == "conf.py"


@pytest.mark.parametrize(
    ("names", "files"),
    [
        ((), {}),
        (("ALLOWED_HOSTS",), {}),
        (("ALLOWED_HOSTS", "ALLOWED_HOST"), {}),
        (("SOMETHING_ELSE", "HOSTNAME", "LC_ALL"), {}),
        (("ALLOWED_HOST",), {"up.sh": "echo $ALLOWED_HOST\n"}),
        (("ALLOWED_HOST",), {"shop/a.py": "os.environ['ALLOWED_HOST']\n"}),
    ],
)
def test_silent(names, files):
    assert of(*names, files=files).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "source", ["", "import os\nA = os.environ.get('ALLOWED_HOSTS')\nX = os.environ[NAME]\n"]
)
def test_not_applicable(source):
    assert of("ALLOWED_HOST", source=source).outcome is Outcome.NOT_APPLICABLE


def test_fields_of_a_class(loaded):
    loaded(Shop)
    environ = {"MAIL_TOKENS": "a", "MAIL_TOKEN_FILES": "b"}
    found = run_check(CHECK, settings_module="conf", environ=environ).findings
    assert [finding.subject for finding in found] == ["MAIL_TOKENS", "MAIL_TOKEN_FILES"]
    assert found[0].at is None
