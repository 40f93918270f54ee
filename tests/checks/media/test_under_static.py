import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

DISK = "django.core.files.storage.FileSystemStorage"
STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
OWN = {
    "own_store.py": "from django.core.files.storage import FileSystemStorage\n"
    "class Plain(FileSystemStorage):\n"
    "    def get_available_name(self, name, max_length=None):\n"
    "        return name\n"
    "class Elsewhere(FileSystemStorage):\n"
    "    location = '/srv/elsewhere'\n"
}


def judge(media, static, files=(), settings_module=None, default=None, staticfiles=None):
    storages = {"default": default or {"BACKEND": DISK}, "staticfiles": staticfiles or {"BACKEND": STATIC}}
    settings = {"MEDIA_ROOT": media, "STATIC_ROOT": static, "STORAGES": storages}
    return run_check(
        "media.under-static",
        settings=settings,
        files={**OWN, **dict(files)},
        settings_module=settings_module,
    )


@pytest.mark.parametrize(
    ("media", "static", "words"),
    [
        (
            "/srv/static/media",
            "/srv/static",
            "MEDIA_ROOT /srv/static/media is inside STATIC_ROOT /srv/stat",
        ),
        ("/srv/static/a/b/", "/srv/static/", "is inside STATIC_ROOT"),
        ("/srv/media", "/srv/media/static", "STATIC_ROOT /srv/media/static is inside MEDIA_ROOT /srv/media"),
        ("/srv/public", "/srv/public", "MEDIA_ROOT and STATIC_ROOT are the same folder, /srv/public"),
        ("/srv/public/", "/srv/./public", "are the same folder"),
        ("media/static", "media", "is inside STATIC_ROOT"),
    ],
)
def test_fires(media, static, words):
    (finding,) = judge(media, static).findings
    assert finding.severity is Severity.CRITICAL
    assert words in finding.message


def test_follows_links(tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "public").symlink_to(tmp_path / "static")
    assert judge(tmp_path / "public" / "media", tmp_path / "static").outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("media", "static"),
    [
        ("/srv/media", "/srv/static"),
        ("/srv/public/media", "/srv/public/static"),
        ("/srv/static-media", "/srv/static"),
        ("/srv/staticmedia", "/srv/static"),
    ],
)
def test_is_silent(media, static):
    assert judge(media, static).outcome is Outcome.PASS


@pytest.mark.parametrize(("media", "static"), [("", "/srv/static"), ("/srv/media", None), (None, None)])
def test_is_not_applicable_when_a_folder_is_not_set(media, static):
    assert judge(media, static).outcome is Outcome.NOT_APPLICABLE


def test_goes_by_the_option_first():
    default = {"BACKEND": DISK, "OPTIONS": {"location": "/srv/static/media"}}
    (finding,) = judge("/srv/media", "/srv/static", default=default).findings
    assert "STORAGES['default']['OPTIONS']['location'] /srv/static/media is inside" in finding.message
    default = {"BACKEND": DISK, "OPTIONS": {"location": "/srv/media"}}
    assert judge("/srv/static/media", "/srv/static", default=default).outcome is Outcome.PASS
    default = {"BACKEND": DISK, "OPTIONS": {"base_url": "/files/"}}
    assert judge("/srv/static/media", "/srv/static", default=default).outcome is Outcome.FAIL


def test_knows_a_subclass():
    default = {"BACKEND": "own_store.Plain"}
    assert judge("/srv/static/media", "/srv/static", default=default).outcome is Outcome.FAIL


@pytest.mark.parametrize("backend", ["own_store.Elsewhere", "absent_pkg.Storage"])
def test_is_not_run_when_the_folder_is_not_known(backend):
    result = judge("/srv/static/media", "/srv/static", default={"BACKEND": backend})
    assert result.outcome is Outcome.NOT_RUN


@pytest.mark.parametrize("alias", ["default", "staticfiles"])
def test_is_not_applicable_when_files_are_not_on_disk(alias):
    storage = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    result = judge("/srv/static/media", "/srv/static", **{alias: storage})
    assert result.outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": "MEDIA_ROOT = '/srv/static/media'\nSTATIC_ROOT = '/srv/static'\n"}
    (finding,) = judge("/srv/static/media", "/srv/static", files, "conf").findings
    assert str(finding.at) == "conf.py:1"
