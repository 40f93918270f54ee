import pytest

from django_prodready.audit.facts.proxy_declared import declared_proxy, is_deaf, local_proxy
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project

CLOUDFLARE = {"CLOUDFLARE": True}


def ask(question, prodready, **files):
    environ = files.pop("environ", {})
    with project(Case(settings={"PRODREADY": prodready}, files=files, environ=environ)) as facts:
        return question(facts)


@pytest.mark.parametrize(
    ("prodready", "words", "is_certain"),
    [
        (CLOUDFLARE, "Cloudflare (declared by PRODREADY['CLOUDFLARE'])", True),
        (
            {"CLOUDFLARED": ["10.0.0.9"]},
            "Cloudflare's tunnel (declared by PRODREADY['CLOUDFLARED'])",
            True,
        ),
        ({"TRUSTED_PROXIES": ["10.0.0.0/24"]}, "a proxy (declared by PRODREADY['TRUSTED_PROXIES'])", False),
        ({"TRUST_UNIX_SOCKET": True}, "a proxy (declared by PRODREADY['TRUST_UNIX_SOCKET'])", False),
        (
            {**CLOUDFLARE, "FACTS": {"platform": "vps"}},
            "Cloudflare (declared by PRODREADY['CLOUDFLARE'])",
            True,
        ),
    ],
    ids=range(5),
)
def test_whom_prodready_believes_stands_in_front(prodready, words, is_certain):
    evidence = ask(declared_proxy, prodready)
    assert (str(evidence), evidence.is_certain) == (words, is_certain)


@pytest.mark.parametrize(
    "prodready",
    [
        {},
        {"CLOUDFLARE": False},
        {"CLOUDFLARED": []},
        {"TRUSTED_PROXIES": []},
        {"TRUSTED_PROXIES": ["the proxy"]},
        {"TRUSTED_PROXIES": ["0.0.0.0/0"]},
        {"TRUST_UNIX_SOCKET": False},
        {"CLOUDFLARE_RANGES_FILE": "ranges.txt"},
        {**CLOUDFLARE, "FACTS": {"tls": "app"}},
        {**CLOUDFLARE, "FACTS": {"tls": "proxy"}},  # which says so in its own words
    ],
    ids=range(10),
)
def test_nobody_is_named(prodready):
    assert ask(declared_proxy, prodready) is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Procfile", "web: gunicorn shop.wsgi --certfile=/etc/ssl/o.pem --keyfile=/etc/ssl/o.key\n"),
        ("Procfile", "web: uvicorn shop.asgi:application --ssl-certfile /etc/ssl/o.pem\n"),
        ("Procfile", "web: granian --interface wsgi shop.wsgi --ssl-certificate o.pem --ssl-keyfile o.key\n"),
        ("run.sh", "daphne -e ssl:443:privateKey=o.key:certKey=o.pem shop.asgi:application\n"),
        ("gunicorn.conf.py", 'certfile = "/etc/ssl/o.pem"\n'),
        ("gunicorn.conf.py", 'certfile = os.environ["CERT"]\n'),
        ("serve.py", 'uvicorn.run("shop.asgi:application", ssl_certfile="/etc/ssl/o.pem")\n'),
        ("hypercorn.toml", 'certfile = "/etc/ssl/o.pem"\n'),
        (".env", "UVICORN_SSL_CERTFILE=/etc/ssl/o.pem\n"),
        ("compose.yml", "environment:\n  GRANIAN_SSL_CERTIFICATE: /etc/ssl/o.pem\n"),
        ("apache.conf", "SSLEngine on\nWSGIScriptAlias / /srv/shop/shop/wsgi.py\n"),
    ],
    ids=range(11),
)
def test_a_server_that_speaks_tls_is_where_tls_ends(path, text):
    assert ask(declared_proxy, CLOUDFLARE, **{path: text}) is None
    assert ask(declared_proxy, CLOUDFLARE, **{f"docs/{path}": text}) is not None


def test_the_environment_has_the_server_speak_tls():
    environ = {"GUNICORN_CMD_ARGS": "--certfile=/etc/ssl/o.pem"}
    assert ask(declared_proxy, CLOUDFLARE, environ=environ) is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Procfile", "web: gunicorn shop.wsgi\n"),
        ("gunicorn.conf.py", "certfile = None\nbind = ':8000'\n"),
        ("gunicorn.conf.py", "# certfile = '/etc/ssl/o.pem'\n"),
        ("shop/cache.py", 'connect(ssl_certfile="/etc/ssl/redis.pem")\n'),
        ("k8s/broker.yaml", "certfile: /etc/ssl/broker.pem\n"),
        ("nginx.conf", "ssl_certificate /etc/ssl/o.pem;\n"),
    ],
    ids=range(6),
)
def test_other_certificates_are_not_the_server_s(path, text):
    assert ask(declared_proxy, CLOUDFLARE, **{path: text}) is not None


LOOPBACK = {"TRUSTED_PROXIES": ["127.0.0.1"]}
SOCKET = {"TRUST_UNIX_SOCKET": True}
GUNICORN = {"Procfile": "web: gunicorn shop.wsgi\n"}
UVICORN = {"Procfile": "web: uvicorn shop.asgi:application\n"}
HYPERCORN = {"Procfile": "web: hypercorn shop.asgi:application\n"}


@pytest.mark.parametrize(
    ("prodready", "files"),
    [
        (LOOPBACK, {}),
        (LOOPBACK, GUNICORN),
        (LOOPBACK, UVICORN),
        ({"TRUSTED_PROXIES": ["10.0.0.0/8", "::1"]}, GUNICORN),
        ({"TRUSTED_PROXIES": ["127.0.0.0/8"]}, GUNICORN),
        ({"CLOUDFLARED": ["127.0.0.1"]}, GUNICORN),
        ({**CLOUDFLARE, **LOOPBACK}, GUNICORN),
        (SOCKET, {}),
        (SOCKET, GUNICORN),
        ({**CLOUDFLARE, **SOCKET}, GUNICORN),
    ],
    ids=range(10),
)
def test_the_server_believes_its_own_machine(prodready, files):
    assert ask(local_proxy, prodready, **files).startswith("the server, which believes")


@pytest.mark.parametrize(
    ("prodready", "files"),
    [
        ({}, {}),
        (CLOUDFLARE, GUNICORN),
        ({"TRUSTED_PROXIES": ["10.0.0.1"]}, GUNICORN),
        ({"CLOUDFLARED": ["10.0.0.1"]}, UVICORN),
        (LOOPBACK, HYPERCORN),
        (SOCKET, HYPERCORN),
        (SOCKET, UVICORN),
    ],
    ids=range(7),
)
def test_the_server_does_not(prodready, files):
    assert ask(local_proxy, prodready, **files) is None


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": "web: uvicorn shop.asgi:application --no-proxy-headers\n"},
        {"Procfile": "web: uvicorn shop.asgi:application --uds /run/shop.sock\n"},
        {**UVICORN, "serve.py": "uvicorn.run(app, proxy_headers=False)\n"},
        {"gunicorn.conf.py": "secure_scheme_headers = {}\n"},
        {**GUNICORN, "gunicorn.conf.py": "secure_scheme_headers = {}\n"},
    ],
    ids=range(5),
)
def test_a_server_is_deaf(files):
    assert ask(is_deaf, {}, **files)


@pytest.mark.parametrize(
    "files",
    [
        {},
        GUNICORN,
        UVICORN,
        {"Procfile": "web: gunicorn --bind unix:/run/shop.sock shop.wsgi\n"},
        {"Procfile": "web: gunicorn shop.wsgi\nws: uvicorn shop.asgi:application --no-proxy-headers\n"},
        {"gunicorn.conf.py": 'secure_scheme_headers = {"X-FORWARDED-PROTO": "https"}\n'},
        {"tests/serve.py": "uvicorn.run(app, proxy_headers=False)\n"},
    ],
    ids=range(7),
)
def test_a_server_is_not_deaf(files):
    assert not ask(is_deaf, {}, **files)
