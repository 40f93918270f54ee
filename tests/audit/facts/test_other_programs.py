"""Which folders of a repository belong to other programs."""

import sys

import pytest

from django_prodready.audit.facts import Facts
from django_prodready.audit.facts.files import Files
from django_prodready.audit.facts.other_programs import OtherPrograms


def lay(root, **files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


@pytest.mark.parametrize(
    "files",
    [
        {"other/manage.py": "", "other/shop/a.py": ""},
        {"other/requirements.txt": "fastapi\n", "other/main.py": ""},
        {"other/pyproject.toml": 'dependencies = ["not-django"]\n', "other/Dockerfile": ""},
        {"other/go.mod": "module x\n", "other/Dockerfile": ""},
    ],
)
def test_another_program_is_left_out(tmp_path, files):
    lay(tmp_path, **{"backend/manage.py": "", "compose.yml": "", **files})
    assert Files(tmp_path, home=tmp_path / "backend").paths == ("backend/manage.py", "compose.yml")


@pytest.mark.parametrize(
    "files",
    [
        {"docker/Dockerfile": "", "docker/requirements.txt": "Django==5.2\n"},
        {"docker/Dockerfile": "", "docker/pyproject.toml": 'dependencies = ["django>=5"]\n'},
        {"libs/auth/pyproject.toml": "", "libs/auth/auth.py": ""},
        {"frontend/package.json": "{}", "frontend/nginx.conf": "", "frontend/Dockerfile": ""},
        {"requirements.txt": "", "Dockerfile": "", "main.py": ""},
        {"backend/shop/main.py": "", "backend/shop/settings.py": ""},
    ],
)
def test_a_part_of_the_project_is_kept(tmp_path, files):
    lay(tmp_path, **{"backend/manage.py": "", **files})
    assert set(Files(tmp_path, home=tmp_path / "backend").paths) == {"backend/manage.py", *files}


def test_the_root_and_what_holds_manage_py_are_the_projects(tmp_path):
    lay(tmp_path, **{"apps/manage.py": "", "apps/web/manage.py": "", "manage.py": "", "old/manage.py": ""})
    found = Files(tmp_path, home=tmp_path / "apps" / "web").paths
    assert found == ("apps/manage.py", "apps/web/manage.py", "manage.py")
    assert Facts(root=tmp_path, settings_module=None, entry=tmp_path / "old/manage.py").files.paths == (
        "manage.py",
        "old/manage.py",
    )


def test_a_folder_that_code_comes_from_is_the_projects(tmp_path, monkeypatch):
    lay(tmp_path, **{"one/manage.py": "", "two/src/a.py": "", "two/manage.py": "", "three/manage.py": ""})
    monkeypatch.syspath_prepend(str(tmp_path / "two/src"))
    module = type(sys)("prodready_case_module")
    module.__file__ = str(tmp_path / "three/manage.py")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    assert Files(tmp_path).paths == ("three/manage.py", "two/manage.py", "two/src/a.py")


def test_dependencies_that_cannot_be_read_name_no_django(tmp_path):
    lay(tmp_path, **{"other/main.py": ""})
    (tmp_path / "other/Pipfile").symlink_to(tmp_path / "elsewhere")
    others = OtherPrograms(tmp_path)
    assert others.own(tmp_path / "other", ["Pipfile", "main.py"])
    assert not others.own(tmp_path / "other", ["main.py"])
