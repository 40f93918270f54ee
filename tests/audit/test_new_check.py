"""Adding a check is adding one file: a copy of the package with one more file knows it."""

import json
import shutil
from pathlib import Path

import pytest

import django_prodready

CHECK = '''"""The site has no name.

What it checks
--------------
Whether `SITE_NAME` is set.

Why it matters
--------------
Nobody can call it.

When it is wrong
----------------
Never.

How to fix
----------
Set it.

Source
------
[Names](https://example.org)
"""

from django_prodready.audit import Case, Finding, Severity, check

BAD = (Case(),)
GOOD = (Case(settings={"SITE_NAME": "x"}),)


@check(severity=Severity.WARNING)
def judge(facts):
    """Yield a finding when there is no name."""
    if "SITE_NAME" not in facts.explicit:
        yield Finding(message="The site has no name.", hint="Set SITE_NAME.")
'''


@pytest.fixture
def with_one_more_file(tmp_path):
    """A copy of the package that has the check site.no-name."""
    package = tmp_path / "copy" / "django_prodready"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(django_prodready.__file__).parent, package, ignore=ignore)
    folder = package / "audit" / "checks" / "acme_site"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""A family."""\n')
    (folder / "no_name.py").write_text(CHECK)
    return tmp_path / "copy"


def test_one_file_is_the_whole_registration(with_one_more_file, new_project, python):
    # Coverage of the copy, which is gone afterwards, would be coverage of nothing.
    environ = {
        "PYTHONPATH": str(with_one_more_file),
        "COVERAGE_PROCESS_CONFIG": "",
        "COVERAGE_PROCESS_START": "",
    }
    listed = python("manage.py", "prodcheck", "--list", "--format", "json", cwd=new_project, **environ)
    assert "acme-site.no-name" in {entry["check"] for entry in json.loads(listed.stdout)}

    ended = python("manage.py", "prodcheck", "--only", "acme-site", cwd=new_project, **environ)
    assert "WARNING  acme-site.no-name" in ended.stdout

    deploy = python("manage.py", "check", "--deploy", cwd=new_project, **environ)
    assert "(prodready.acme-site.no-name) The site has no name." in deploy.stderr

    page = python("manage.py", "prodcheck", "--explain", "acme-site.no-name", cwd=new_project, **environ)
    assert page.stdout.startswith("acme-site.no-name (warning)\nThe site has no name.\n")
