"""Real projects with a manage.py, judged in processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import django_prodready

PACKAGE_ROOT = Path(django_prodready.__file__).parent.parent
MANAGE = (
    "import os, sys\n"
    "{before}\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'conf')\n"
    "from django.core.management import execute_from_command_line\n"
    "execute_from_command_line(sys.argv)\n"
)


@pytest.fixture
def judge_project(tmp_path):
    """Write conf.py and manage.py, run the check in that folder, and give its result as a dict."""

    def judge(settings, *, before="", command=("manage.py", "prodcheck"), **environ):
        (tmp_path / "conf.py").write_text(settings)
        (tmp_path / "manage.py").write_text(MANAGE.format(before=before))
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
        paths = filter(None, [str(PACKAGE_ROOT), inherited.get("PYTHONPATH")])
        answer = subprocess.run(
            [sys.executable, *command, "--only", "secret-key.ephemeral", "--format", "json"],
            cwd=tmp_path,
            env={**inherited, "PYTHONPATH": os.pathsep.join(paths), **environ},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert answer.stdout, answer.stderr
        (result,) = json.loads(answer.stdout)["results"]
        return result

    return judge
