import os
import sys
import time
from pathlib import Path

import pytest
from prodready_services.once import once

from django_prodready.audit import Outcome
from django_prodready.audit.facts import second_load
from django_prodready.audit.testing import run_check

pytestmark = once

KEY = "b8K2xQ9mL4" * 5
RANDOM = "from django.core.management.utils import get_random_secret_key\n"
INSTALLED = "INSTALLED_APPS = ['django_prodready']\nUSE_TZ = True\n"
SITE = f"import os\n{RANDOM}{INSTALLED}"
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a process's first environment")


def judge(key, conf, **kwargs):
    files = {"conf.py": conf, **kwargs.pop("files", {})}
    kwargs.setdefault("settings_module", "conf")
    return run_check("secret-key.ephemeral", settings={"SECRET_KEY": key}, files=files, **kwargs)


def test_a_random_key(judge_project):
    result = judge_project(f"{SITE}SECRET_KEY = get_random_secret_key()\n")
    (finding,) = result["findings"]
    assert finding["severity"] == "critical"
    assert (finding["file"], finding["line"]) == ("conf.py", 5)


def test_a_random_default_of_a_variable_that_is_not_set(judge_project):
    result = judge_project(f"{SITE}SECRET_KEY = os.environ.get('KEY') or get_random_secret_key()\n")
    assert result["outcome"] == "fail"


@linux
def test_a_random_key_that_the_settings_put_into_the_environment(judge_project):
    result = judge_project(
        f"{SITE}os.environ.setdefault('KEY', get_random_secret_key())\nSECRET_KEY = os.environ['KEY']\n"
    )
    assert result["outcome"] == "fail"


def test_a_random_key_without_a_manage_py(judge_project):
    command = ("-m", "django_prodready", "check", "--settings", "conf")
    result = judge_project(f"{SITE}SECRET_KEY = get_random_secret_key()\n", command=command)
    assert result["outcome"] == "fail"


@pytest.mark.parametrize(
    "expression",
    [
        f"'{KEY}'",
        "os.environ['KEY']",
        "os.environ.get('KEY') or get_random_secret_key()",
        "os.environ['KEY'][::-1]",
        "'%s-%s' % (os.environ['KEY'], 'shop')",
        "open(os.environ['FILE']).read().strip()",
    ],
    ids=["literal", "variable", "default", "derived", "composed", "file"],
)
def test_a_key_that_stays(judge_project, tmp_path, expression):
    (tmp_path / "secret").write_text(f"{KEY[::-1]}\n")
    result = judge_project(f"{SITE}SECRET_KEY = {expression}\n", KEY=KEY, FILE=str(tmp_path / "secret"))
    assert result["outcome"] == "pass"


def test_a_key_that_is_generated_once_and_kept_in_a_file(judge_project):
    keep = (
        "from pathlib import Path\n"
        "path = Path(__file__).parent / 'secret.txt'\n"
        "if not path.exists():\n"
        "    path.write_text(get_random_secret_key())\n"
        "SECRET_KEY = path.read_text()\n"
    )
    assert judge_project(SITE + keep)["outcome"] == "pass"


def test_a_key_that_manage_py_reads_from_a_file(judge_project, tmp_path):
    (tmp_path / ".env").write_text(f"KEY={KEY}\n")
    before = "os.environ.update([open('.env').read().strip().split('=')])"
    settings = f"{SITE}SECRET_KEY = os.environ.get('KEY') or get_random_secret_key()\n"
    assert judge_project(settings, before=before)["outcome"] == "pass"


CONFIGURATION = f"""\
import os
from configurations import Configuration
{RANDOM}
class Production(Configuration):
    INSTALLED_APPS = ['django_prodready']
    USE_TZ = True
    SECRET_KEY = {{}}
"""
with_configurations = pytest.mark.parametrize(
    ("expression", "outcome"),
    [("'-'.join([os.environ['KEY'], 'shop'])", "pass"), ("get_random_secret_key()", "fail")],
)


@with_configurations
def test_django_configurations_without_a_manage_py(judge_project, expression, outcome):
    pytest.importorskip("configurations")
    command = ("-m", "django_prodready", "check", "--settings", "conf")
    conf = CONFIGURATION.format(expression)
    result = judge_project(conf, command=command, KEY=KEY, DJANGO_CONFIGURATION="Production")
    assert result["outcome"] == outcome


@with_configurations
def test_django_configurations_with_a_manage_py(expression, outcome):
    pytest.importorskip("configurations")
    manage = (
        "import sys\n"
        "from configurations.management import execute_from_command_line\n"
        "execute_from_command_line(sys.argv)\n"
    )
    result = judge(
        f"{KEY}-shop",
        CONFIGURATION.format(expression),
        files={"manage.py": manage},
        environ={"KEY": KEY, "DJANGO_CONFIGURATION": "Production"},
    )
    assert result.outcome.value == outcome


def test_starts_no_process_to_see_a_literal(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    assert judge(KEY, f'SECRET_KEY = "{KEY}"\n').outcome is Outcome.PASS


@pytest.mark.parametrize("value", [KEY, f"{KEY}\n"])
def test_starts_no_process_to_see_a_key_that_it_was_given(monkeypatch, value):
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    conf = "import os\nSECRET_KEY = os.environ['KEY'].strip()\n"
    assert judge(KEY, conf, environ={"KEY": value}).outcome is Outcome.PASS


def test_bytes_are_compared_as_well():
    assert judge(KEY.encode(), f"SECRET_KEY = bytes([*b'{KEY}'])\n").outcome is Outcome.PASS


def test_another_script_is_not_started_again():
    files = {"manage.py": "raise SystemExit('not a manage.py')\n"}
    assert judge(KEY, f"SECRET_KEY = ''.join(['{KEY}'])\n", files=files).outcome is Outcome.PASS


def test_other_output_of_the_settings_does_not_matter():
    conf = f"print('SECRET_KEY = x\\n  SECRET_KEY = 1')\nSECRET_KEY = ''.join(['{KEY}'])\n"
    assert judge(KEY, conf).outcome is Outcome.PASS


@pytest.mark.parametrize("key", ["", None])
def test_is_not_applicable_without_a_key(key):
    assert judge(key, "").outcome is Outcome.NOT_APPLICABLE


class Masked(str):
    __slots__ = ()

    def __repr__(self):
        return "'***'"


class Lazy:
    def __str__(self):
        return KEY


@pytest.mark.parametrize("key", [Masked(KEY), Lazy()])
def test_is_not_run_for_a_key_that_hides_its_value(key):
    result = judge(key, "SECRET_KEY = make()\n")
    assert result.outcome is Outcome.NOT_RUN
    assert type(key).__name__ in result.reason


@pytest.mark.parametrize(
    "conf",
    [
        "raise RuntimeError\n",
        "import os\nos._exit(0)\n",
        "import sys\nsys.exit(3)\n",
        f"class Key(str):\n    def __repr__(self): return '***'\nSECRET_KEY = Key('{KEY}')\n",
    ],
)
def test_is_not_run_when_the_second_load_fails(conf):
    result = judge(KEY, conf)
    assert result.outcome is Outcome.NOT_RUN
    assert result.reason == "the settings could not be loaded a second time"


def test_is_not_run_when_no_process_can_be_started(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    assert judge(KEY, "SECRET_KEY = make()\n").outcome is Outcome.NOT_RUN


def test_is_not_run_without_a_settings_module():
    result = judge(KEY, "", settings_module=None)
    assert result.outcome is Outcome.NOT_RUN
    assert "no settings module" in result.reason


def test_a_second_load_starts_no_third():
    result = judge(KEY, "SECRET_KEY = make()\n", environ={"PRODREADY_SECOND_LOAD": "1"})
    assert result.outcome is Outcome.NOT_RUN
    assert "second load" in result.reason


@linux
def test_ends_all_that_the_second_load_started(monkeypatch, tmp_path):
    monkeypatch.setattr(second_load, "TIMEOUT_S", 1.5)
    conf = (
        "import pathlib, subprocess, time\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        f"pathlib.Path('{tmp_path}/pid').write_text(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    assert judge(KEY, conf, environ={"PATH": os.environ["PATH"]}).outcome is Outcome.NOT_RUN
    assert _ends(int((tmp_path / "pid").read_text()))


def _ends(pid):
    stat = Path(f"/proc/{pid}/stat")
    for _ in range(100):
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False
