import pytest

from django_prodready.audit.facts.scheme import scheme_setter
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project


def ask(*, environ=None, platform=None, settings_module=None, **files):
    settings = {"PRODREADY": {"FACTS": {"platform": platform}}} if platform else {}
    case = Case(settings=settings, environ=environ or {}, files=files, settings_module=settings_module)
    with project(case) as facts:
        return scheme_setter(facts)


def test_nothing_does_in_a_bare_project():
    assert ask() is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FORWARDED_ALLOW_IPS", "*"),
        ("UVICORN_FORWARDED_ALLOW_IPS", "10.0.0.0/8"),
        ("GUNICORN_CMD_ARGS", "--forwarded-allow-ips=*"),
        ("GUNICORN_CMD_ARGS", "--bind=unix:/run/app.sock"),
    ],
)
def test_environment(name, value):
    assert ask(environ={name: value}) == f"the server, by {name}"


@pytest.mark.parametrize(
    ("name", "value"), [("FORWARDED_ALLOW_IPS", ""), ("GUNICORN_CMD_ARGS", "--bind=:8000")]
)
def test_environment_says_nothing(name, value):
    assert ask(environ={name: value}) is None


def test_buildpacks_export_it():
    assert ask(platform="Heroku") == "the server, by variables of Heroku"
    assert ask(platform="coolify") is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Procfile", "web: gunicorn shop.wsgi --forwarded-allow-ips '*'\n"),
        ("Dockerfile", 'CMD ["uvicorn", "shop.asgi:app", "--proxy-headers"]\n'),
        ("compose.yml", "environment:\n  FORWARDED_ALLOW_IPS: '*'\n"),
        ("start.sh", "daphne --proxy-headers shop.asgi:application\n"),
        ("deploy/gunicorn.service", "ExecStart=gunicorn --bind unix:/run/gunicorn.sock shop.wsgi\n"),
        ("deploy/gunicorn.socket", "ListenStream=/run/gunicorn.sock\n"),
        ("supervisor.conf", "command=gunicorn -b 127.0.0.1:8000 shop.wsgi\n"),
        ("Dockerfile", 'CMD ["gunicorn", "--bind", "127.0.0.1:8000", "shop.wsgi"]\n'),
        ("nginx.conf", "location / { proxy_pass http://127.0.0.1:8000; }\n"),
        ("nginx.conf", "proxy_pass http://unix:/run/gunicorn.sock;\n"),
        ("nginx.conf", "upstream app {\n  server unix:/run/gunicorn.sock fail_timeout=0;\n}\n"),
        ("nginx.conf", "uwsgi_pass web:3031;\n"),
        ("uwsgi.ini", "[uwsgi]\nhttp-socket = :8000\n"),
        ("Caddyfile", "example.org {\n  reverse_proxy localhost:8000\n}\n"),
        ("Caddyfile", "example.org {\n  reverse_proxy /api/* unix//run/app.sock\n}\n"),
        ("apache.conf", "ProxyPass / http://localhost:8000/\n"),
    ],
)
def test_deployment_files(path, text):
    assert ask(**{path: text}) == f"the server, by {path}"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Procfile", "web: gunicorn shop.wsgi\n"),
        ("Dockerfile", "# --proxy-headers\nCMD gunicorn --bind 0.0.0.0:8000 shop.wsgi\n"),
        ("Dockerfile", "HEALTHCHECK CMD curl -f http://localhost:8000/health/\n"),
        (
            "nginx.conf",
            "proxy_pass http://web:8000;\nproxy_set_header X-Forwarded-Proto https;\n",
        ),
        ("README.md", "Run gunicorn with --forwarded-allow-ips.\n"),
    ],
)
def test_other_files(path, text):
    assert ask(**{path: text}) is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("gunicorn.conf.py", 'forwarded_allow_ips = "*"\n'),
        ("gunicorn_config.py", 'bind = "unix:/run/gunicorn.sock"\n'),
        ("shop/wsgi.py", "application = ProxyFix(get_wsgi_application())\n"),
        ("shop/middleware.py", 'secure = request.headers.get("X-Forwarded-Proto") == "https"\n'),
        ("shop/middleware.py", 'environ["wsgi.url_scheme"] = "https"\n'),
        ("shop/wsgi.py", 'os.environ["HTTPS"] = "on"\n'),
        ("shop/middleware.py", "request.is_secure = lambda: True\n"),
        ("run.py", "uvicorn.run(app, proxy_headers=True)\n"),
    ],
)
def test_code(path, text):
    assert ask(**{path: text}) == path


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("gunicorn.conf.py", 'bind = "0.0.0.0:8000"\nworkers = 2\n'),
        ("shop/wsgi.py", "# application = ProxyFix(application)\n"),
        ("shop/settings/heroku.py", 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")\n'),
        ("shop/tests/test_redirect.py", 'client.get("/", headers={"x-forwarded-proto": "https"})\n'),
        ("shop/views.py", "if request.is_secure() == True:\n    pass\n"),
    ],
)
def test_other_code(path, text):
    assert ask(**{path: text}) is None


def test_settings_in_force_do_not_count():
    text = 'CORS_ALLOW_HEADERS = ["x-forwarded-proto"]\n'
    assert ask(settings_module="conf", **{"conf.py": text}) is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("docs/nginx.conf", "proxy_pass http://127.0.0.1:8000;\n"),
        ("tests/compose.yml", "command: uvicorn --proxy-headers\n"),
        ("compose.local.yml", "command: uvicorn --proxy-headers\n"),
        (".github/workflows/main.yml", "run: uwsgi --version\n"),
        ("docs/conf.py", "SCHEME = 'wsgi.url_scheme'\n"),
        ("scripts/smoke.py", "get(url, headers={'X-Forwarded-Proto': 'https'})\n"),
        (
            "config/staging.py",
            "SECURE_PROXY_SSL_HEADER = (\n    'HTTP_X_FORWARDED_PROTO',\n    'https',\n)\n",
        ),
        (
            "config/staging.py",
            "SECURE_PROXY_SSL_HEADER = env.tuple('H', ('HTTP_X_FORWARDED_PROTO', 'https'))\n",
        ),
    ],
)
def test_what_production_does_not_run(path, text):
    assert ask(**{path: text}) is None


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": "web: uvicorn shop.asgi:application --no-proxy-headers\n"},
        {"Procfile": "web: uvicorn shop.asgi:application --uds /run/shop.sock\n"},
        {"serve.py": "uvicorn.run(app, proxy_headers=False)\n"},
        {"gunicorn.conf.py": 'bind = "unix:/run/shop.sock"\nsecure_scheme_headers = {}\n'},
        {
            "nginx.conf": "proxy_pass http://127.0.0.1:8000;\n",
            "Procfile": "web: uvicorn shop.asgi:application --no-proxy-headers\n",
        },
    ],
    ids=range(5),
)
def test_a_server_that_believes_nobody(files):
    assert ask(**files) is None


def test_a_socket_of_systemd_s_is_read():
    files = {"deploy/shop.socket": "[Socket]\nListenStream=/run/shop.sock\n"}
    assert ask(**files) == "the server, by deploy/shop.socket"
