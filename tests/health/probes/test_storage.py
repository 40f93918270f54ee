import re
import time

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError
from django.core.files.storage import FileSystemStorage, InMemoryStorage, storages
from prodready_peers.http import http_site
from prodready_peers.sockets import LOOPBACK, serving, silent

from django_prodready.health.probe import Skipped
from django_prodready.health.probes._http_request import UnexpectedStatusError
from django_prodready.health.probes.storage import StorageContentError, StorageProbe

FILES = "django.core.files.storage.FileSystemStorage"
MEMORY = "django.core.files.storage.InMemoryStorage"
S3 = "storages.backends.s3.S3Storage"


class OwnFiles(FileSystemStorage):
    pass


class OwnMemory(InMemoryStorage):
    pass


class ForgetfulFiles(FileSystemStorage):
    def _save(self, name, content):
        content.seek(0, 2)
        content.truncate(5)
        return super()._save(name, content)


@pytest.fixture
def use(settings):
    def set_storage(backend, **options):
        settings.STORAGES = {"default": {"BACKEND": backend, "OPTIONS": options}}

    return set_storage


@pytest.fixture
def use_s3(use):
    """Make the default storage the bucket "media" of an S3 on loopback."""

    def set_s3(port):
        use(
            S3,
            endpoint_url=f"http://{LOOPBACK}:{port}",
            bucket_name="media",
            access_key="key",
            secret_key="hunter2",
            region_name="eu-central-1",
            addressing_style="path",
            signature_version="s3v4",
        )

    return set_s3


@pytest.fixture
def s3(use_s3):
    with http_site() as site:
        use_s3(site.port)
        yield site


def test_the_bucket_is_asked_for_and_its_client_is_kept(s3):
    s3.pages["/media"] = (200, b"")
    probe = StorageProbe()
    probe.run()
    client = probe._storage.connection.meta.client
    probe.close()
    probe.run()
    assert probe._storage.connection.meta.client is client
    probe.close()
    assert [asked[:2] for asked in s3.asked] == [("HEAD", "/media")] * 2


def test_a_round_trip_through_s3_leaves_nothing(s3, settings):
    settings.STORAGES["default"]["OPTIONS"]["client_config"] = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        # Without it the body is framed in chunks, which the little server does not know.
        request_checksum_calculation="when_required",
    )
    probe = StorageProbe(round_trip=True, timeout_s=1.9)
    probe.run()
    probe.close()
    assert {verb for verb, _, _ in s3.asked} >= {"PUT", "GET", "DELETE"}
    assert s3.pages == {}


def test_a_storage_that_was_never_asked_has_nothing_to_close(s3):
    probe = StorageProbe()
    probe._storage = probe._make_storage()
    probe.close()
    assert s3.asked == []


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_bucket_that_is_refused_or_not_there_is_down_after_one_attempt(s3, status):
    s3.pages["/media"] = (status, b"")
    probe = StorageProbe()
    with pytest.raises(ClientError) as caught:
        probe.run()
    probe.close()
    assert len(s3.asked) == 1
    assert "hunter2" not in str(caught.value)


def test_a_file_that_must_be_there(s3):
    s3.pages["/media/logo.png"] = (200, b"")
    probe = StorageProbe(name="logo.png")
    probe.run()
    del s3.pages["/media/logo.png"]
    with pytest.raises(StorageContentError, match=r"does not have the file that the option name names\.$"):
        probe.run()
    probe.close()


def test_a_signed_address_is_fetched_as_a_browser_would(s3):
    s3.pages["/media/logo.png"] = (200, b"png")
    probe = StorageProbe(mode="presigned", name="logo.png")
    probe.run()
    [(verb, target, headers)] = s3.asked
    assert verb == "GET"
    assert target.startswith("/media/logo.png?")
    assert "Signature=" in target
    assert "Authorization" not in headers
    s3.pages["/media/logo.png"] = (403, b"")
    with pytest.raises(UnexpectedStatusError, match="403"):
        probe.run()
    probe.close()


def test_a_server_that_hangs_is_left_in_time(use_s3):
    with serving(silent) as port:
        use_s3(port)
        probe = StorageProbe(timeout_s=0.3)
        probe._storage = probe._make_storage()
        _ = probe._storage.connection  # reading its models is not waiting
        begun_s = time.monotonic()
        with pytest.raises(ReadTimeoutError):
            probe.run()
        assert time.monotonic() - begun_s < 5
        probe.close()


def test_the_applications_storage_keeps_its_time_outs(s3):
    s3.pages["/media"] = (200, b"")
    theirs = storages["default"]
    probe = StorageProbe()
    probe.run()
    probe.close()
    assert storages["default"] is theirs
    assert theirs.client_config.connect_timeout == 60


def test_another_storage_is_asked_for_a_name_that_is_not_there(use, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(FileSystemStorage, "exists", lambda _, name: asked.append(name))
    use(FILES, location=tmp_path)
    probe = StorageProbe()
    probe.run()
    probe.run()
    probe.close()
    assert all(re.fullmatch(r"prodready-[0-9a-f-]{36}", name) for name in asked)
    assert len(set(asked)) == 2


def test_a_round_trip_leaves_nothing(use, tmp_path):
    use(FILES, location=tmp_path)
    StorageProbe(round_trip=True).run()
    assert list(tmp_path.iterdir()) == []


def test_a_round_trip_that_brings_something_else_is_down_and_leaves_nothing(use, tmp_path):
    use(f"{__name__}.ForgetfulFiles", location=tmp_path)
    with pytest.raises(StorageContentError, match=r"something else than what was written\.$"):
        StorageProbe(round_trip=True).run()
    assert list(tmp_path.iterdir()) == []


def test_a_round_trip_by_address(use, tmp_path):
    with http_site() as site:
        use(FILES, location=tmp_path, base_url=f"http://{LOOPBACK}:{site.port}/")
        probe = StorageProbe(round_trip=True, mode="presigned")
        with pytest.raises(UnexpectedStatusError, match="404"):
            probe.run()
        # Whatever is asked for, the site has the newest file.
        site.pages = NewestFile(tmp_path)
        probe.run()
    assert list(tmp_path.iterdir()) == []


class NewestFile(dict):
    def __init__(self, folder):
        self.folder = folder

    def get(self, key, default=None):
        [only] = self.folder.iterdir()
        return (200, only.read_bytes())


def test_an_address_without_host_cannot_be_fetched(use, tmp_path):
    (tmp_path / "a").write_text("x")
    use(FILES, location=tmp_path, base_url="/media/")
    with pytest.raises(ValueError, match=r"^The URL of the storage must be a URL that begins with one of"):
        StorageProbe(mode="presigned", name="a").run()


def test_memory_is_skipped(use):
    use(MEMORY)
    probe = StorageProbe()
    with pytest.raises(Skipped):
        probe.run()
    probe.close()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"alias": "other"}, "alias is not one of STORAGES."),
        ({"mode": "head"}, "mode must be one of: exists, presigned."),
        ({"mode": "presigned"}, "name must be that of a file to fetch when mode is presigned."),
        (
            {"round_trip": True, "name": "x"},
            "name is not used with round_trip, which chooses a name of its own.",
        ),
        ({"round_trip": 1}, "round_trip must be True or False."),
        ({"name": ""}, "name must be text on one line, and not empty."),
        ({"timeout_s": 2}, "timeout_s must be a number of seconds above 0 and below 2."),
    ],
)
def test_wrong_options_are_named(options, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        StorageProbe(**options)


def test_it_is_not_critical():
    assert not StorageProbe.critical
