"""S3Media against a real service, which refuses what is not signed, signed wrongly, or too late."""

import time
import urllib.error
import urllib.request
import uuid
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from prodready_buckets import seaweedfs
from prodready_services.once import of_servers
from prodready_services.plugin import provide

from django_prodready.settings.mixins.s3_media import S3Media

pytestmark = of_servers

# Refused at once, three times, with pauses that grow; boto3's own settings would take longer.
LONGEST_REFUSAL_S = 15


@pytest.fixture(scope="module")
def s3_url():
    """Address of an S3 service with key id and key: http://id:key@host:port."""
    yield from provide("PRODREADY_TEST_S3_URL", seaweedfs.serve)


@pytest.fixture
def environ(s3_url):
    """The variables of a site with a bucket of this test's own."""
    parts = urlsplit(s3_url)
    return {
        "AWS_S3_ENDPOINT_URL": f"{parts.scheme}://{parts.hostname}:{parts.port}",
        "AWS_STORAGE_BUCKET_NAME": f"shop-{uuid.uuid4().hex}",
        "AWS_ACCESS_KEY_ID": unquote(parts.username),
        "AWS_SECRET_ACCESS_KEY": unquote(parts.password),
    }


@pytest.fixture
def use(applied, settings):
    """Make the class's storage the default one, and close its connections afterwards."""
    used = []

    def use(environ, **attributes):
        found = applied(S3Media, S3_PROVIDER="minio", environ=environ, **attributes)
        settings.STORAGES = found["STORAGES"]
        used.append(default_storage.connection.meta.client)
        return default_storage

    yield use
    for client in used:
        client.close()


@pytest.fixture
def storage(use, environ):
    storage = use(environ)
    storage.bucket.create()
    return storage


def get(url):
    """Return status and body."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_a_file_is_private_and_its_signed_link_leads_to_it(storage):
    name = storage.save("invoices/2026.pdf", ContentFile(b"for your eyes only"))

    signed = storage.url(name)

    assert parse_qs(urlsplit(signed).query)["X-Amz-Expires"] == ["3600"]
    assert get(signed) == (200, b"for your eyes only")
    assert get(signed.partition("?")[0])[0] == 403


def test_a_tampered_link_is_refused(storage):
    name, other = (storage.save(name, ContentFile(b"secret")) for name in ("mine.pdf", "theirs.pdf"))
    signed = storage.url(name)
    last = signed[-1]

    for tampered in (
        signed.replace(name, other),
        signed.replace("X-Amz-Expires=3600", "X-Amz-Expires=36000"),
        signed[:-1] + ("1" if last == "0" else "0"),
    ):
        assert tampered != signed
        status, body = get(tampered)
        assert status == 403
        assert b"SignatureDoesNotMatch" in body
    assert get(signed)[0] == 200


def test_an_expired_link_is_refused(storage):
    name = storage.save("mine.pdf", ContentFile(b"secret"))
    signed = storage.url(name, expire=2)
    assert get(signed)[0] == 200

    time.sleep(3)

    status, body = get(signed)
    assert status == 403
    assert b"expired" in body


def test_a_second_file_of_the_name_does_not_take_the_first_one_s_place(storage):
    first = storage.save("invoice.pdf", ContentFile(b"Dorothea's"))
    second = storage.save("invoice.pdf", ContentFile(b"Casaubon's"))

    assert first != second
    assert get(storage.url(first))[1] == b"Dorothea's"
    assert get(storage.url(second))[1] == b"Casaubon's"


def test_a_wrong_key_is_refused(use, storage, environ):
    stranger = use(environ | {"AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMIK7MDENG"})

    # Django asks first whether there is such a file.
    with pytest.raises(ClientError, match=r"\(403\) .* HeadObject"):
        stranger.save("mine.pdf", ContentFile(b"secret"))


def test_without_keys_those_of_the_machine_are_used(use, storage, environ, monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    machine = tmp_path / "credentials"
    machine.write_text(
        f"[default]\naws_access_key_id = {environ['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key = {environ['AWS_SECRET_ACCESS_KEY']}\n"
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(machine))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    keyless = use({name: value for name, value in environ.items() if "KEY" not in name})

    assert keyless.access_key is None
    name = keyless.save("mine.pdf", ContentFile(b"secret"))
    assert get(keyless.url(name)) == (200, b"secret")


def test_links_of_public_media_are_not_signed(use, storage, environ):
    public = use(environ, PUBLIC_MEDIA=True)

    assert "?" not in public.url("logo.png")


def test_a_service_that_is_away_is_not_waited_for_long(use, environ):
    away = use(environ | {"AWS_S3_ENDPOINT_URL": "http://127.0.0.1:9"})
    started = time.monotonic()

    with pytest.raises(Exception, match=r"127\.0\.0\.1:9"):
        away.save("mine.pdf", ContentFile(b"secret"))

    assert time.monotonic() - started < LONGEST_REFUSAL_S
