import pytest

from django_prodready.audit.facts.files import Files
from django_prodready.audit.facts.settings_choice import defaults_in, deployed


def repository(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Files(root)


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("Dockerfile", "FROM python\nENV DJANGO_SETTINGS_MODULE=a.live\n", 2),
        ("deploy/Dockerfile.web", "ENV DJANGO_SETTINGS_MODULE a.live\n", 1),
        ("Dockerfile", 'ENV DJANGO_SETTINGS_MODULE="a.live" \\\n    X=1\n', 1),
        ("compose.yml", "services:\n  web:\n    environment:\n      DJANGO_SETTINGS_MODULE: a.live\n", 4),
        ("compose.yml", "    environment:\n      - DJANGO_SETTINGS_MODULE=a.live\n", 2),
        ("docker-compose.prod.yml", "  - DJANGO_SETTINGS_MODULE=${DJANGO_SETTINGS_MODULE:-a.live}\n", 1),
        ("Procfile", "web: DJANGO_SETTINGS_MODULE=a.live gunicorn a.wsgi\n", 1),
        (".env.production", "DJANGO_SETTINGS_MODULE='a.live'\n", 1),
        (".envs/.production/.django", "DJANGO_SETTINGS_MODULE=a.live\n", 1),
        ("fly.toml", '[env]\n  DJANGO_SETTINGS_MODULE = "a.live"\n', 2),
        ("render.yaml", "      - key: DJANGO_SETTINGS_MODULE\n        value: a.live\n", 1),
        ("k8s/web.yaml", '- name: "DJANGO_SETTINGS_MODULE"\n  value: "a.live"\n', 1),
        ("app.json", '{"env": [{"name": "DJANGO_SETTINGS_MODULE", "value": "a.live"}]}', 1),
        ("deploy/web.service", "[Service]\nEnvironment=DJANGO_SETTINGS_MODULE=a.live\n", 2),
        ("apache.conf", "SetEnv DJANGO_SETTINGS_MODULE a.live\n", 1),
        ("uwsgi.ini", "env = DJANGO_SETTINGS_MODULE=a.live\n", 1),
        ("main.tf", 'name  = "DJANGO_SETTINGS_MODULE"\n    value = "a.live"\n', 1),
        ("gunicorn.conf.py", 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "a.live")\n', 1),
        ("bin/start", "#!/bin/sh\nexport DJANGO_SETTINGS_MODULE=a.live\n", 2),
    ],
)
def test_finds_what_a_deployment_file_sets(tmp_path, path, text, line):
    (choice,) = deployed(repository(tmp_path, {path: text}))
    assert (choice.module, str(choice.at)) == ("a.live", f"{path}:{line}")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yml", "  - DJANGO_SETTINGS_MODULE=${SETTINGS}\n"),
        ("charts/web.yaml", "DJANGO_SETTINGS_MODULE: {{ .Values.settings }}\n"),
        ("k8s/web.yaml", "- name: DJANGO_SETTINGS_MODULE\n  value: ${SETTINGS}\n"),
    ],
)
def test_a_computed_value_is_unknown(tmp_path, path, text):
    (choice,) = deployed(repository(tmp_path, {path: text}))
    assert choice.module is None


@pytest.mark.parametrize(
    "path",
    [
        "tox.ini",
        "setup.cfg",
        "pyproject.toml",
        ".github/workflows/ci.yml",
        ".gitlab-ci.yml",
        ".devcontainer/compose.yml",
        "docker-compose.dev.yml",
        "Dockerfile.test",
        ".env.example",
        "compose/local/start.sh",
        "README.md",
        "a/models.py",
    ],
)
def test_leaves_tests_tools_and_examples_out(tmp_path, path):
    assert not list(deployed(repository(tmp_path, {path: "DJANGO_SETTINGS_MODULE=a.live\n"})))


@pytest.mark.parametrize(
    "text", ["# ENV DJANGO_SETTINGS_MODULE=a.live\n", "MY_DJANGO_SETTINGS_MODULE=a.live\n", "X=1\n"]
)
def test_ignores_comments_and_other_names(tmp_path, text):
    assert not list(deployed(repository(tmp_path, {"Dockerfile": text})))


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        ('import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "a.live")\n', ["a.live"]),
        ('os.environ["DJANGO_SETTINGS_MODULE"] = "a.live"\n', ["a.live"]),
        ('if X:\n    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "a.b")\n', ["a.b"]),
        ('os.environ.setdefault("DJANGO_SETTINGS_MODULE", NAME)\n', []),
        ('os.environ.setdefault("DJANGO_SETTINGS_MODULE")\nprint("DJANGO_SETTINGS_MODULE", 1)\n', []),
        ('os.environ["OTHER"] = "DJANGO_SETTINGS_MODULE"\n', []),
        ('print("DJANGO_SETTINGS_MODULE"\n', []),
        ("import os\n", []),
    ],
)
def test_reads_the_default_of_an_entry_point(tmp_path, text, modules):
    files = repository(tmp_path, {"a/wsgi.py": text})
    assert [choice.module for choice in defaults_in(files, "a/wsgi.py")] == modules


def test_says_where_the_default_stands(tmp_path):
    files = repository(tmp_path, {"a/wsgi.py": '\nos.environ["DJANGO_SETTINGS_MODULE"] = "a.live"\n'})
    (choice,) = defaults_in(files, "a/wsgi.py")
    assert str(choice.at) == "a/wsgi.py:2"


def test_a_file_that_is_not_there_has_no_default(tmp_path):
    assert defaults_in(Files(tmp_path), "a/wsgi.py") == ()
