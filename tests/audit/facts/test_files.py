"""The walk over a repository: what it keeps, what it skips, where it stops."""

import os
from pathlib import Path

import pytest

from django_prodready.audit.facts import files as module
from django_prodready.audit.facts.files import Files, read_bytes, relative_path


def lay(root: Path, *paths: str) -> Path:
    for path in paths:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"# {path}\n")
    return root


def test_paths_are_relative_sorted_and_with_forward_slashes(tmp_path):
    lay(tmp_path, "manage.py", "shop/models.py", "Dockerfile", ".github/workflows/ci.yml", ".env.example")
    found = Files(tmp_path)
    assert found.paths == (
        ".env.example",
        ".github/workflows/ci.yml",
        "Dockerfile",
        "manage.py",
        "shop/models.py",
    )
    assert found.python == ("manage.py", "shop/models.py")
    assert found.root == tmp_path


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        "node_modules/left/index.js",
        "env/pyvenv.cfg",
        "env/lib/python3.13/site-packages/x.py",
        "vendor/site-packages/x.py",
        "shop/__pycache__/models.cpython-313.pyc",
        ".tox/py/x.py",
        ".mypy_cache/x.json",
        ".some-cache/x.py",
        "django_shop.egg-info/PKG-INFO",
        "build/lib/shop/models.py",
        "dist/shop.whl",
        "media/upload.bin",
        "staticfiles/app.js",
        "web/htmlcov/index.html",
    ],
)
def test_dependencies_caches_and_build_results_are_skipped(tmp_path, path):
    lay(tmp_path, "manage.py", path)
    assert Files(tmp_path).paths == ("manage.py",)


@pytest.mark.parametrize(
    "path", ["media/__init__.py", "uploads/__init__.py", "static/site.css", "src/build.py"]
)
def test_a_package_that_bears_the_name_of_a_build_folder_is_kept(tmp_path, path):
    lay(tmp_path, path)
    assert Files(tmp_path).paths == (path,)


def test_the_root_itself_is_walked_whatever_it_is_called(tmp_path):
    root = tmp_path / "build"
    lay(root, "pyvenv.cfg", "manage.py")
    assert Files(root).paths == ("manage.py", "pyvenv.cfg")


def test_a_link_to_a_folder_is_not_followed_and_one_to_a_file_is(tmp_path):
    lay(tmp_path, "shop/models.py")
    (tmp_path / "shop" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "linked.py").symlink_to(tmp_path / "shop" / "models.py")
    (tmp_path / "dangling.py").symlink_to(tmp_path / "nowhere.py")
    assert Files(tmp_path).paths == ("linked.py", "shop/models.py")


def test_an_absent_root_has_no_files(tmp_path):
    assert Files(tmp_path / "absent").paths == ()


def test_a_folder_full_of_uploads_counts_for_its_python_files_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_FILES_PER_FOLDER", 3)
    lay(tmp_path, "data/a.jpg", "data/b.jpg", "data/c.jpg", "data/load.py", "shop/models.py")
    assert Files(tmp_path).paths == ("data/load.py", "shop/models.py")


def test_the_walk_ends_at_its_bounds_shallow_files_first(tmp_path, monkeypatch):
    lay(tmp_path, "a/b/c/deep.py", "a/near.py", "top.py")
    monkeypatch.setattr(module, "MAX_DEPTH", 2)
    assert Files(tmp_path).paths == ("a/near.py", "top.py")
    monkeypatch.setattr(module, "MAX_FILES", 1)
    assert Files(tmp_path).paths == ("top.py",)


def test_read_replaces_what_is_not_utf8_drops_the_bom_and_remembers(tmp_path):
    (tmp_path / "latin.py").write_bytes(b"\xef\xbb\xbfNAME = '\xe9'")
    found = Files(tmp_path)
    assert found.read("latin.py") == "NAME = '�'"
    (tmp_path / "latin.py").write_text("changed")
    assert found.read("latin.py") == "NAME = '�'"


def test_read_gives_none_for_what_is_no_text_a_person_wrote(tmp_path, monkeypatch):
    lay(tmp_path, "shop/models.py")
    found = Files(tmp_path)
    assert found.read("absent.py") is None
    assert found.read("shop") is None
    assert found.read("nul\0.py") is None
    monkeypatch.setattr(module, "MAX_BYTES", 3)
    assert found.read("shop/models.py") is None


def test_a_file_that_vanishes_or_may_not_be_read_is_none(tmp_path, monkeypatch):
    lay(tmp_path, "models.py")

    def refuse(self):
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert read_bytes(tmp_path / "models.py") is None


@pytest.mark.parametrize(
    ("globs", "expected"),
    [
        (["Dockerfile*"], ("Dockerfile", "deploy/Dockerfile.prod")),
        (["deploy/*"], ("deploy/Dockerfile.prod",)),
        (["*.y*ml"], ("deploy/k8s/web.yaml", "docker-compose.yml")),
        (["**/k8s/*.yaml", "manage.py"], ("deploy/k8s/web.yaml", "manage.py")),
        (["deploy/**"], ("deploy/Dockerfile.prod", "deploy/k8s/web.yaml")),
        (["**/*.py"], ("manage.py", "shop/a1.py", "shop/b2.py")),
        (["[ab]?.py"], ("shop/a1.py", "shop/b2.py")),
        (["[!a]?.py"], ("shop/b2.py",)),
        (["shop.*"], ()),
    ],
)
def test_matching_reads_globs_like_git_does(tmp_path, globs, expected):
    lay(
        tmp_path, "Dockerfile", "deploy/Dockerfile.prod", "deploy/k8s/web.yaml", "docker-compose.yml",
        "manage.py", "shop/a1.py", "shop/b2.py",
    )  # fmt: skip
    assert Files(tmp_path).matching(*globs) == expected


def test_relative_keeps_what_lies_outside_and_sees_through_links(tmp_path):
    lay(tmp_path / "real", "shop/models.py")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real", target_is_directory=True)
    found = Files(link)
    assert found.relative(link / "shop" / "models.py") == "shop/models.py"
    assert found.relative(tmp_path / "real" / "shop" / "models.py") == "shop/models.py"
    assert found.relative(tmp_path / "other.py") == (tmp_path / "other.py").as_posix()
    assert relative_path(Path("nul\0"), tmp_path) == "nul\0"


def test_an_unreadable_folder_is_passed_over(tmp_path, monkeypatch):
    lay(tmp_path, "manage.py", "secret/x.py")
    real = os.scandir

    def refuse(path):
        if str(path).rstrip("/").endswith("secret"):
            raise PermissionError
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert Files(tmp_path).paths == ("manage.py",)
