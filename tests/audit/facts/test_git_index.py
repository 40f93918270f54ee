import subprocess

import pytest

from django_prodready.audit.facts.git_index import is_usually_ignored, tracked_files
from django_prodready.audit.model import NotRun


def git(folder, *arguments):
    config = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *config, *arguments], cwd=folder, check=True, capture_output=True)


def write(folder, *paths):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)


PATHS = (
    "a",
    "app/models.py",
    "app/models_of_another_kind.py",
    "site/ü.html",
    "site/" + "long/" * 900 + "x",
    "z",
)


@pytest.fixture(params=["2", "4"])
def repository(request, tmp_path):
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "index.version", request.param)
    return tmp_path


def test_no_work_tree(tmp_path):
    assert tracked_files(tmp_path) is None


def test_nothing_was_ever_added(tmp_path):
    git(tmp_path, "init", "-q")
    assert tracked_files(tmp_path).paths == frozenset()


def test_every_version_of_the_format(repository):
    paths = [path for path in PATHS if len(path) < 200]
    write(repository, *paths)
    (repository / "untracked").write_text("")
    git(repository, "add", *paths)
    assert tracked_files(repository).paths == frozenset(paths)
    git(repository, "rm", "-q", "--cached", "a")
    assert tracked_files(repository).paths == frozenset(paths) - {"a"}


def test_name_longer_than_the_field_for_its_length(repository):
    blob = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"], cwd=repository, input=b"", capture_output=True, check=True
    )
    for path in PATHS:
        git(
            repository,
            "update-index",
            "--add",
            "--cacheinfo",
            f"100644,{blob.stdout.decode().strip()},{path}",
        )
    assert tracked_files(repository).paths == frozenset(PATHS)


def test_extended_flags(repository):
    write(repository, "a", "b")
    git(repository, "add", "-N", "a")
    git(repository, "add", "b")
    assert tracked_files(repository).paths == {"a", "b"}


def test_root_below_the_top(repository):
    write(repository, "backend/manage.py", "backend.md")
    git(repository, "add", ".")
    assert tracked_files(repository / "backend").paths == {"manage.py"}


def test_worktree(tmp_path):
    main, other = tmp_path / "main", tmp_path / "other"
    main.mkdir()
    git(main, "init", "-q")
    write(main, "a")
    git(main, "add", ".")
    git(main, "commit", "-q", "-m", "First")
    git(main, "worktree", "add", "-q", str(other))
    assert tracked_files(other).paths == {"a"}


def test_sha256(tmp_path):
    git(tmp_path, "init", "-q", "--object-format=sha256")
    write(tmp_path, "a", "b/c")
    git(tmp_path, "add", ".")
    assert tracked_files(tmp_path).paths == {"a", "b/c"}


def test_repository_without_configuration(tmp_path):
    git(tmp_path, "init", "-q")
    write(tmp_path, "a")
    git(tmp_path, "add", ".")
    (tmp_path / ".git" / "config").unlink()
    assert tracked_files(tmp_path).paths == {"a"}


def test_split_index_is_not_read(tmp_path):
    git(tmp_path, "init", "-q")
    write(tmp_path, "a")
    git(tmp_path, "add", ".")
    git(tmp_path, "update-index", "--split-index")
    with pytest.raises(NotRun, match="git's index cannot be read: ValueError"):
        tracked_files(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"DIRC", b"XXXX\0\0\0\2\0\0\0\0", b"DIRC\0\0\0\2\0\0\0\1", b"DIRC\0\0\0\4\0\0\0\1" + b"\xff" * 64],
)
def test_damaged_index(tmp_path, content):
    write(tmp_path, ".git/HEAD")
    (tmp_path / ".git" / "index").write_bytes(content)
    with pytest.raises(NotRun, match="cannot be read"):
        tracked_files(tmp_path)


def test_index_that_is_too_large(tmp_path):
    write(tmp_path, ".git/HEAD")
    with (tmp_path / ".git" / "index").open("wb") as index:
        index.truncate(65 * 1024 * 1024)
    with pytest.raises(NotRun, match="too large"):
        tracked_files(tmp_path)


def test_index_out_of_reach(tmp_path):
    (tmp_path / ".git").write_text("gitdir: \0\n")
    with pytest.raises(NotRun, match="cannot be read"):
        tracked_files(tmp_path)


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        "a/.env.live",
        "prod.env",
        ".envs/.production/.x",
        "local_settings.py",
        "conf/secrets.py",
        "a.pem",
        "secrets/a.txt",
    ],
)
def test_usually_ignored(path):
    assert is_usually_ignored(path)


@pytest.mark.parametrize(
    "path", ["shop/settings.py", "shop/locale.py", "shop/keys.py", "environment.py", "secretary.py"]
)
def test_usually_tracked(path):
    assert not is_usually_ignored(path)
