import pytest

from django_prodready.audit.facts.proxy import declared_platform, hsts_proxy, redirecting_proxy, tls_proxy
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project

COMPOSE = """services:
  web:
    labels:
      # - traefik.http.routers.web.tls=true
      - {label}
"""
INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec:\n  tls:\n    - hosts: [example.org]\n"
NGINX = "server {\n  listen 443 ssl;\n  location / {\n    proxy_pass http://web:8000;\n  }\n}\n"
CADDY = "example.org {\n  reverse_proxy web:8000\n}\n"


def ask(question, *, declared=None, **files):
    settings = {"PRODREADY": {"FACTS": declared}} if declared else {}
    with project(Case(settings=settings, files=files)) as facts:
        return question(facts)


def test_nothing_is_known_of_a_bare_project():
    assert ask(tls_proxy) is None
    assert ask(redirecting_proxy) is None
    assert ask(hsts_proxy) is None


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"tls": "proxy"}, "a proxy (declared)"),
        ({"tls": "proxy", "platform": "my own"}, "a proxy (declared)"),
        ({"platform": "coolify"}, "the proxy of coolify (declared)"),
        ({"platform": "Fly.io"}, "the proxy of Fly.io (declared)"),
        ({"platform": "Kubernetes"}, "the proxy of Kubernetes (declared)"),
        ({"platform": "Cloud Run"}, "the proxy of Cloud Run (declared)"),
    ],
)
def test_tls_is_declared(declared, words):
    assert str(ask(tls_proxy, declared=declared)) == words


@pytest.mark.parametrize("declared", [{"tls": "app"}, {"tls": "app", "platform": "fly"}, {"platform": "vps"}])
def test_tls_is_not_declared(declared):
    assert ask(tls_proxy, declared=declared) is None


def test_declaration_outranks_files():
    assert ask(tls_proxy, declared={"tls": "app"}, **{"fly.toml": "[http_service]\n"}) is None


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("fly.toml", 'app = "x"\n[http_service]\n', "Fly's proxy (fly.toml:2)"),
        ("fly.toml", '[[services.ports]]\n  handlers = ["tls", "http"]\n', "Fly's proxy (fly.toml:2)"),
        ("compose.yml", COMPOSE.format(label="traefik.http.routers.web.tls=true"), "Traefik (compose.yml:5)"),
        (
            "deploy/docker-compose.prod.yaml",
            COMPOSE.format(label='"traefik.http.routers.web-secure.tls.certresolver=le"'),
            "Traefik (deploy/docker-compose.prod.yaml:5)",
        ),
        ("compose.yml", "traefik.http.routers.web.tls: 'true'\n", "Traefik (compose.yml:1)"),
        ("compose.yml", COMPOSE.format(label="LETSENCRYPT_HOST=example.org"), "nginx-proxy (compose.yml:5)"),
        ("k8s/web.yaml", INGRESS, "the Kubernetes Ingress (k8s/web.yaml:2)"),
        ("nginx/site.conf", NGINX, "nginx (nginx/site.conf:2)"),
        ("deploy/nginx.conf.template", NGINX, "nginx (deploy/nginx.conf.template:2)"),
        ("Caddyfile", CADDY, "Caddy (Caddyfile:1)"),
    ],
)
def test_tls_is_detected(path, text, words):
    assert str(ask(tls_proxy, **{path: text})) == words


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Procfile", "web: gunicorn shop.wsgi\n"),
        ("fly.toml", 'app = "x"\n#[http_service]\n'),
        ("compose.yml", COMPOSE.format(label="traefik.http.routers.web.rule=Host(`a`)")),
        ("compose.yml", COMPOSE.format(label="traefik.http.routers.web.tls=false")),
        ("compose.dev.yml", COMPOSE.format(label="traefik.http.routers.web.tls=true")),
        ("docs/compose.yml", COMPOSE.format(label="traefik.http.routers.web.tls=true")),
        ("k8s/web.yaml", INGRESS.replace("tls:", "rules:")),
        ("chart/ingress.yaml", "{{- if .Values.tls }}\n" + INGRESS),
        ("nginx.conf", NGINX.replace("443 ssl", "80")),
        ("nginx.conf", NGINX.replace("proxy_pass http", "uwsgi_pass unix")),
        ("contrib/nginx.conf", NGINX),
        ("Caddyfile", CADDY.replace("example.org", ":80")),
        ("Caddyfile", CADDY.replace("example.org", "http://example.org")),
        ("Caddyfile", "example.org {\n  file_server\n}\n"),
        ("app.yaml", "runtime: python312\n"),
        ("render.yaml", "services:\n  - type: web\n    runtime: python\n"),
    ],
)
def test_tls_is_not_detected(path, text):
    assert ask(tls_proxy, **{path: text}) is None


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"redirect": "proxy"}, "the proxy (declared)"),
        ({"redirect": "proxy", "tls": "app"}, "the proxy (declared)"),
        ({"tls": "proxy"}, "the proxy that ends TLS (declared)"),
        ({"platform": "Railway"}, "the proxy of Railway (declared)"),
    ],
)
def test_redirect_is_declared(declared, words):
    assert str(ask(redirecting_proxy, declared=declared)) == words


@pytest.mark.parametrize(
    "declared",
    [{"redirect": "app"}, {"redirect": "app", "tls": "proxy"}, {"tls": "app"}, {"platform": "heroku"}],
)
def test_redirect_is_not_declared(declared):
    assert ask(redirecting_proxy, declared=declared) is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("fly.toml", "[http_service]\n  force_https = true\n"),
        ("app.yaml", "handlers:\n- url: /.*\n  secure: always\n"),
        ("compose.yml", "- traefik.http.middlewares.https.redirectscheme.scheme=https\n"),
        ("compose.yml", "- --entrypoints.web.http.redirections.entrypoint.to=websecure\n"),
        ("traefik/dynamic.yml", "      redirectScheme:\n        scheme: https\n"),
        ("traefik.yml", "      redirections:\n        entryPoint:\n"),
        ("compose.yml", "      LETSENCRYPT_HOST: example.org\n"),
        ("ingress.yaml", '    nginx.ingress.kubernetes.io/ssl-redirect: "true"\n'),
        ("nginx.conf", "  return 301 https://$host$request_uri;\n"),
        ("apache.conf", "  RewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [R=301]\n"),
        ("Caddyfile", CADDY),
    ],
)
def test_redirect_is_detected(path, text):
    assert ask(redirecting_proxy, **{path: text}).origin == "detected"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("fly.toml", "[http_service]\n  force_https = false\n"),
        ("compose.yml", COMPOSE.format(label="traefik.http.routers.web.tls=true")),
        ("nginx.conf", "  # return 301 https://$host$request_uri;\n"),
        ("nginx.conf", "  return 301 http://$host$request_uri;\n"),
    ],
)
def test_redirect_is_not_detected(path, text):
    assert ask(redirecting_proxy, **{path: text}) is None


def test_hsts_is_declared():
    assert str(ask(hsts_proxy, declared={"hsts": "proxy"})) == "the proxy (declared)"
    assert (
        ask(hsts_proxy, declared={"hsts": "app"}, **{"nginx.conf": "add_header Strict-Transport-Security x;"})
        is None
    )
    assert ask(hsts_proxy, declared={"tls": "proxy"}) is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nginx/site.conf", '    add_header Strict-Transport-Security "max-age=63072000" always;\n'),
        ("httpd.conf", 'Header always set Strict-Transport-Security "max-age=63072000"\n'),
        ("compose.yml", "- traefik.http.middlewares.h.headers.stsSeconds=31536000\n"),
        ("traefik/dynamic.yml", "        stsSeconds: 31536000\n"),
        ("Caddyfile", "header Strict-Transport-Security max-age=31536000;\n"),
        ("compose.yml", "- LETSENCRYPT_HOST=example.org\n"),
    ],
)
def test_hsts_is_detected(path, text):
    assert ask(hsts_proxy, **{path: text}).origin == "detected"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yml", "- traefik.http.middlewares.h.headers.stsSeconds=0\n"),
        ("nginx.conf", "add_header X-A b;\n"),
    ],
)
def test_hsts_is_not_detected(path, text):
    assert ask(hsts_proxy, **{path: text}) is None


def test_platform_is_one_word():
    assert ask(declared_platform, declared={"platform": "Render.com"}) == "render"
    assert ask(declared_platform) == ""
