"""Which project a process judges."""

import json

import pytest

from django_prodready.audit.project import facts_of_process, find_root


@pytest.mark.parametrize("mark", [".git", "pyproject.toml", "prodready.toml"])
def test_the_root_is_the_nearest_mark_upwards(tmp_path, mark):
    inner = tmp_path / "outer" / "site" / "src"
    inner.mkdir(parents=True)
    (tmp_path / "outer" / "pyproject.toml").touch()
    (tmp_path / "outer" / "site" / mark).touch()
    assert find_root(inner) == (tmp_path / "outer" / "site").resolve()


def test_the_root_without_a_mark_is_the_start(tmp_path):
    assert find_root(tmp_path) == tmp_path.resolve()


@pytest.mark.parametrize("script", ["", "pytest", "somewhere/__main__.py", "gone.py"])
def test_no_entry(script, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [script])
    facts = facts_of_process()
    assert facts.entry is None
    assert facts.root == tmp_path.resolve()


def test_no_arguments_at_all(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", [])
    assert facts_of_process(root=tmp_path).entry is None


def test_manage_py_is_the_entry(tmp_path, monkeypatch):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "manage.py").touch()
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr("sys.argv", [str(tmp_path / "src" / "manage.py"), "prodcheck"])
    facts = facts_of_process()
    assert facts.entry == (tmp_path / "src" / "manage.py").resolve()
    assert facts.root == tmp_path.resolve()


def test_manage_py_judges_its_own_folder(new_project, python, tmp_path):
    arguments = ["prodcheck", "--format", "json", "--only", "settings.debug"]
    ended = python(str(new_project / "manage.py"), *arguments, cwd=tmp_path)
    assert ended.returncode == 1, ended.stderr
    (result,) = json.loads(ended.stdout)["results"]
    assert result["findings"][0]["file"] == "mysite/settings.py"
