import pytest

from django_prodready.audit import Case
from django_prodready.audit.facts.env_files import (
    entries_in,
    example_files,
    is_env_file,
    is_example,
    is_own_machine_s,
    names_given,
)
from django_prodready.audit.testing import project


@pytest.mark.parametrize(
    "path", [".env", "deploy/.env.production", "prod.env", ".envs/.production/.django", ".envrc", ".env-live"]
)
def test_files_of_variables(path):
    assert is_env_file(path)
    assert not is_example(path)
    assert not is_own_machine_s(path)


@pytest.mark.parametrize(
    "path", ["env.py", ".environment", "shop/env/__init__.py", "environment.yml", ".envoy.yaml", "env"]
)
def test_other_files(path):
    assert not is_env_file(path)


@pytest.mark.parametrize(
    "path",
    [
        ".env.example",
        ".env-sample",
        ".env.prod.template",
        "example.env",
        ".env.dist",
        "docs/.env",
        "{{cookiecutter.slug}}/.env",
    ],
)
def test_examples(path):
    assert is_example(path)


@pytest.mark.parametrize("path", [".env.test", ".envs/.local/.django", ".env.ci", "dev.env", "tests/.env"])
def test_own_machine(path):
    assert is_own_machine_s(path)


def entry(line):
    (found,) = entries_in(line)
    return found


@pytest.mark.parametrize(
    "line",
    [
        "SECRET_KEY=q8Wm2Xc7Vb4Nz9",
        "export MAIL_TOKEN='q8Wm2Xc7Vb4Nz9'",
        'MAIL_PASSWORD="q8Wm2Xc7 # Vb4"',
        "DATABASE_URL=postgres://shop:q8Wm2Xc7@db/shop",
        "MAIL_PASSWORD=q8Wm2Xc7 # of the mail",
    ],
)
def test_secret(line):
    assert entry(line).is_secret
    assert "q8Wm" not in repr(entry(line))


@pytest.mark.parametrize(
    "line",
    [
        "SECRET_KEY=",
        "# SECRET_KEY=q8Wm2Xc7Vb4Nz9",
        "SECRET_KEY=change-me",
        "SECRET_KEY=your-secret-key-here",
        "SECRET_KEY=${SECRET_KEY}",
        "SECRET_KEY=$(pass shop)",
        "SECRET_KEY=django-insecure-q8Wm2Xc7Vb4Nz9",
        "POSTGRES_PASSWORD=postgres",
        "MAIL_PASSWORD=abc",
        "DATABASE_URL=postgres://postgres:postgres@db/shop",
        "DATABASE_URL=sqlite:///db.sqlite3",
        "API_KEY=test-key-1234",
        "LOG_LEVEL=DEBUGGING-ALL",
        "KEYS=q8Wm2Xc7Vb4Nz9",
    ],
)
def test_no_secret(line):
    assert not entry(line).is_secret


def test_lines_and_comments():
    found = list(entries_in("A=1\n\n# a remark\n#B=2\nC = \n"))
    assert [(each.name, each.line, each.is_comment) for each in found] == [
        ("A", 1, False),
        ("B", 4, True),
        ("C", 5, False),
    ]


def test_examples_of_the_project():
    files = {
        ".env.example": "",
        "site/manage.py": "",
        "site/env.example": "",
        "front/.env.example": "",
        ".env": "A=1\n#C=1",
        "settings.ini": "[settings]\nB=2\n",
    }
    with project(Case(files=files)) as facts:
        assert example_files(facts) == (".env.example",)
        assert names_given(facts.files) == {"A", "B"}
    with project(Case(files={**files, "manage.py": ""})) as facts:
        assert example_files(facts) == (".env.example",)


def test_examples_beside_the_manage_py():
    with project(Case(files={"site/.env.example": "", "manage.py": ""})) as facts:
        facts.entry = facts.root / "site" / "manage.py"
        assert example_files(facts) == ("site/.env.example",)
