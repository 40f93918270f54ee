"""Where /health/ has its version from."""

import importlib
import sys

import pytest

from django_prodready.health.version import VARIABLES, current_version, detected_version


@pytest.fixture
def settings_of(tmp_path, monkeypatch):
    """Write files into an importable folder, name one of its modules as the settings; return the folder."""

    def write(module, *files):
        for file in files:
            (tmp_path / file).parent.mkdir(exist_ok=True)
            (tmp_path / file).touch()
        importlib.invalidate_caches()
        monkeypatch.setenv("DJANGO_SETTINGS_MODULE", module)
        return tmp_path

    monkeypatch.syspath_prepend(tmp_path)
    return write


def install(folder, distribution, version, files):
    """Write what an installer leaves in ``folder``."""
    info = folder / f"{distribution}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))


def test_is_unknown_when_nothing_tells():
    assert current_version() == "unknown"


def test_the_setting_comes_first(settings, monkeypatch):
    monkeypatch.setenv("GIT_SHA", "abc123")
    settings.PRODREADY = {"VERSION": "1.0.0"}
    assert current_version() == "1.0.0"


@pytest.mark.parametrize("variable", VARIABLES)
def test_each_variable_is_read(monkeypatch, variable):
    monkeypatch.setenv(variable, " 8f14e45 \n")
    assert current_version() == "8f14e45"


def test_an_empty_variable_is_passed_over(monkeypatch):
    monkeypatch.setenv("GIT_SHA", " ")
    monkeypatch.setenv("RENDER_GIT_COMMIT", "8f14e45")
    assert current_version() == "8f14e45"


def test_is_detected_once(monkeypatch):
    assert current_version() == "unknown"
    monkeypatch.setenv("GIT_SHA", "late")
    assert current_version() == "unknown"


def test_the_distribution_that_holds_the_settings_tells(settings_of):
    folder = settings_of("librarysite.settings", "librarysite/__init__.py")
    install(folder, "other", "9.9", ["other/__init__.py"])
    install(folder, "library-site", "4.2", ["librarysite/__init__.py"])
    assert detected_version() == "4.2"


def test_a_single_settings_file_may_be_installed_too(settings_of):
    folder = settings_of("library_settings", "library_settings.py")
    install(folder, "library-site", "4.3", ["library_settings.py"])
    assert detected_version() == "4.3"


def test_a_namespace_package_may_be_installed_too(settings_of):
    folder = settings_of("library_namespace.settings", "library_namespace/settings.py")
    install(folder, "library-site", "4.4", ["library_namespace/settings.py"])
    assert detected_version() == "4.4"


def test_a_distribution_of_the_same_name_in_another_folder_does_not_tell(
    settings_of, tmp_path_factory, monkeypatch
):
    settings_of("config.settings", "config/__init__.py")
    elsewhere = tmp_path_factory.mktemp("site")
    install(elsewhere, "config", "0.5.1", ["config/__init__.py"])
    monkeypatch.setattr(sys, "path", [*sys.path, str(elsewhere)])
    assert detected_version() == "unknown"


def test_a_distribution_without_a_list_of_files_does_not_tell(settings_of):
    folder = settings_of("library_settings", "library_settings.py")
    install(folder, "library-site", "4.5", [])
    next(folder.glob("*.dist-info/RECORD")).unlink()
    assert detected_version() == "unknown"


@pytest.mark.parametrize("module", ["", "no_such_module.settings", "sys", ".broken"])
def test_settings_without_a_folder_tell_nothing(settings_of, module):
    settings_of(module)
    assert detected_version() == "unknown"


def test_settings_in_a_module_made_by_hand_tell_nothing(settings_of, monkeypatch):
    settings_of("made_by_hand")
    monkeypatch.setitem(sys.modules, "made_by_hand", type(sys)("made_by_hand"))
    assert detected_version() == "unknown"
