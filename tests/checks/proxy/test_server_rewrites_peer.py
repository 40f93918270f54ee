import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.facts import Facts
from django_prodready.audit.testing import run_check

OURS = "django_prodready.middleware.CloudflareRealIPMiddleware"
UVICORN = "web: uvicorn shop.asgi:application {}\n"
GUNICORN = "web: gunicorn shop.asgi:application {}\n"
WORKER = "-k uvicorn_worker.UvicornWorker"
EVERYBODY = "--forwarded-allow-ips '*'"


def judge(files, *, environ=None, ours=False):
    return run_check(
        "proxy.server-rewrites-peer",
        settings={"MIDDLEWARE": [OURS] if ours else []},
        files=files,
        environ=environ,
    )


def places(result):
    return [str(finding.at) for finding in result.findings]


UNIT = """
[Service]
# ExecStart=/srv/bin/uvicorn shop.asgi:application
ExecStart=/srv/bin/uvicorn shop.asgi:application \\
    --workers 4 \\
    --forwarded-allow-ips=*
"""
POD = """
spec:
  containers:
    - name: web
      command:
        - uvicorn
        - shop.asgi:application
        - --forwarded-allow-ips
        - "*"
    - name: other
      args: ["--forwarded-allow-ips", "10.0.0.1"]
"""
DOCKERFILE = """FROM python
RUN pip install uvicorn gunicorn
ENTRYPOINT ["uvicorn", "shop.asgi:application"]
CMD ["--host", "0.0.0.0",
     # everybody
     "--forwarded-allow-ips", "*"]
"""
FOLDED = "services:\n  web:\n    command: >\n      uvicorn shop.asgi:application\n      {}\n    ports: [80]\n"


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("Procfile", UVICORN.format(EVERYBODY), 1),
        ("Procfile", UVICORN.format('--forwarded-allow-ips="*" --workers 2'), 1),
        ("Procfile", UVICORN.format("--forwarded-allow-ips=\\*"), 1),
        ("Procfile", UVICORN.format("--forwarded-allow-ips 0.0.0.0/0,::/0"), 1),
        ("Procfile", UVICORN.format("--forwarded-allow-ips 10.0.0.1 --forwarded-allow-ips '*'"), 1),
        ("Procfile", UVICORN.format("--proxy-headers --forwarded-allow-ips '*'"), 1),
        ("run.sh", f"set -e\nexec python -m uvicorn shop.asgi:application {EVERYBODY}\n", 2),
        ("deploy/shop.service", UNIT, 6),
        ("k8s/web.yaml", POD, 8),
        ("Dockerfile", DOCKERFILE, 6),
        ("compose.yml", FOLDED.format(EVERYBODY), 5),
        ("compose.yml", f"services:\n  web:\n    command: uvicorn shop.asgi:app {EVERYBODY}\n", 3),
        ("supervisord.conf", f"[program:web]\ncommand=/srv/bin/uvicorn shop.asgi:app {EVERYBODY}\n", 2),
        ("Dockerfile", 'CMD ["sh", "-c", "uvicorn shop.asgi:app --forwarded-allow-ips \\"*\\""]\n', 1),
        ("Dockerfile", f"CMD uv run --no-sync uvicorn shop.asgi:app {EVERYBODY}\n", 1),
        ("run.sh", f"uv sync && uv run uvicorn shop.asgi:app {EVERYBODY}\n", 1),
    ],
    ids=range(16),
)
def test_uvicorn_believes_everybody(file, text, line):
    result = judge({file: text})
    assert places(result) == [f"{file}:{line}"]
    (finding,) = result.findings
    value = "0.0.0.0/0,::/0" if "::/0" in text else "*"
    assert finding.message == (
        f"--forwarded-allow-ips is {value} in {file}: uvicorn puts into REMOTE_ADDR what anybody writes at"
        " the left of X-Forwarded-For."
    )
    assert finding.hint == (
        "Start uvicorn with --no-proxy-headers, or name your proxies in --forwarded-allow-ips."
    )
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": UVICORN.format("")},
        {"Procfile": UVICORN.format("--proxy-headers")},
        {"Procfile": UVICORN.format(f"{EVERYBODY} --no-proxy-headers")},
        {"Procfile": UVICORN.format(f"--no-proxy-headers {EVERYBODY}")},
        {"Procfile": UVICORN.format(f"{EVERYBODY} --reload")},
        {"Procfile": UVICORN.format("--forwarded-allow-ips 10.0.0.0/8,127.0.0.1")},
        {"Procfile": UVICORN.format("--forwarded-allow-ips 10.0.0.1,*")},  # a literal, to uvicorn
        {"Procfile": UVICORN.format("--forwarded-allow-ips '*' --forwarded-allow-ips 10.0.0.1")},
        {"Procfile": UVICORN.format('--forwarded-allow-ips "$PROXIES"')},
        {"Procfile": UVICORN.format('--forwarded-allow-ips "${FORWARDED_ALLOW_IPS:-*}"')},
        {"Procfile": UVICORN.format("--forwarded-allow-ips")},
        {"Procfile": UVICORN.format(f"&& other {EVERYBODY}")},
        {"Procfile": UVICORN.format("") + f"other: gateway {EVERYBODY}\n"},
        {"Procfile": "# " + UVICORN.format(EVERYBODY)},
        {"Procfile": UVICORN.format(f"# {EVERYBODY}")},
        {"supervisord.conf": f"[program:web]\n;command=uvicorn shop.asgi:app {EVERYBODY}\n"},
        {"Procfile": f"web: hypercorn shop.asgi:application {EVERYBODY}\n"},
        {"Procfile.dev": UVICORN.format(EVERYBODY)},
        {"Makefile": f"serve:\n\tuvicorn shop.asgi:application {EVERYBODY}\n"},
        {"README.md": UVICORN.format(EVERYBODY)},
        {"tests/run.sh": UVICORN.format(EVERYBODY)},
        {"docs/Procfile": UVICORN.format(EVERYBODY)},
        {"compose.yml": f"services:\n  uvicorn:\n    command: gateway {EVERYBODY}\n"},
        {"Dockerfile": f"RUN pip install uvicorn\nCMD gateway {EVERYBODY}\n"},
        {"gunicorn.conf.py": f'"""Not: uvicorn shop.asgi:application {EVERYBODY}"""\n'},
        {"api/app.py": "", "api/Procfile": UVICORN.format(EVERYBODY), "api/requirements.txt": "fastapi\n"},
        {"compose.yml": f"services:\n  ml:\n    command: uvicorn ml.main:app {EVERYBODY}\n"},
        {"compose.override.yaml": f"services:\n  web:\n    command: uvicorn shop.asgi:app {EVERYBODY}\n"},
        {"run.sh": f'echo "Never uvicorn shop.asgi:app {EVERYBODY}"\n'},
    ],
    ids=range(29),
)
def test_narrow_lists_other_programs_and_other_places_are_silent(files):
    assert judge(files, ours=True).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": GUNICORN.format(f"{WORKER} {EVERYBODY}")},
        {"Procfile": GUNICORN.format(f"--worker-class=uvicorn.workers.UvicornWorker {EVERYBODY}")},
        {"Procfile": GUNICORN.format(f"-k shop.workers.ShopUvicornWorker {EVERYBODY}")},
        {
            "Procfile": GUNICORN.format(EVERYBODY),
            "gunicorn.conf.py": "worker_class = 'uvicorn.workers.UvicornWorker'\n",
        },
        {"Procfile": GUNICORN.format(EVERYBODY), "Dockerfile": f'ENV GUNICORN_CMD_ARGS="{WORKER}"\n'},
        {"Procfile": GUNICORN.format(WORKER), "gunicorn.conf.py": "forwarded_allow_ips = '*'\n"},
        {"Procfile": GUNICORN.format(WORKER), "Dockerfile": f'ENV GUNICORN_CMD_ARGS="{EVERYBODY}"\n'},
        {"Procfile": GUNICORN.format(WORKER), "Dockerfile": "ENV FORWARDED_ALLOW_IPS=*\n"},
        {"Procfile": GUNICORN.format(WORKER), "app.json": '{"env": {"FORWARDED_ALLOW_IPS": {"value": "*"}}}'},
        {
            "Procfile": GUNICORN.format(f"-k shop.workers.Quick {EVERYBODY}"),
            "shop/workers.py": "class Quick(uvicorn_worker.UvicornWorker):\n    pass\n",
        },
    ],
    ids=range(10),
)
def test_gunicorn_with_uvicorn_s_worker_believes_everybody(files):
    (finding,) = judge(files).findings
    assert (
        f"{finding.subject} is * in {finding.at.file}: uvicorn's worker in gunicorn puts" in finding.message
    )
    assert finding.hint == f"Name your proxies' addresses in {finding.subject}."
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize("file", ["main.py", "src/main/__init__.py"])
def test_an_application_of_any_name_is_the_site_s_where_its_file_is(file):
    assert judge({"Procfile": f"web: uvicorn main:app {EVERYBODY}\n", file: ""}).findings


SCHEME_ALONE = [
    {"Procfile": "web: gunicorn shop.wsgi --forwarded-allow-ips '*'\n"},
    {"Procfile": "web: gunicorn shop.wsgi --forwarded-allow-ips=10.0.0.1,*\n"},
    {"Procfile": f"web: gunicorn -k gthread shop.wsgi {EVERYBODY}\n", "run.sh": GUNICORN.format(WORKER)},
    {"gunicorn.conf.py": "forwarded_allow_ips = '*'\n"},
    {"gunicorn.conf.py": "bind = ':80'\n", ".env": "FORWARDED_ALLOW_IPS=*\n"},
    {"Procfile": "web: gunicorn shop.wsgi\n", ".env": "FORWARDED_ALLOW_IPS=*\n"},
    {"Procfile": "web: gunicorn shop.wsgi\n", "compose.yml": f"  GUNICORN_CMD_ARGS: {EVERYBODY}\n"},
]


@pytest.mark.parametrize("files", SCHEME_ALONE, ids=range(7))
def test_gunicorn_s_own_workers_leave_the_peer_alone(files):
    assert judge(files).outcome is Outcome.PASS
    (finding,) = judge(files, ours=True).findings
    assert finding.message.endswith(
        ": gunicorn takes the scheme from anybody's X-Forwarded-Proto, before CloudflareRealIPMiddleware can"
        " tell."
    )
    assert finding.hint == (
        f"Remove {finding.subject} and set SECURE_PROXY_SSL_HEADER, which the middleware verifies."
    )


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": GUNICORN.format(WORKER)},
        {"Procfile": GUNICORN.format(f"{WORKER} --forwarded-allow-ips 10.0.0.7")},
        {"Procfile": GUNICORN.format(f"{WORKER} --forwarded-allow-ips 10.0.0.7,*")},
        {
            "Procfile": GUNICORN.format(f"-k shop.workers.QuietUvicornWorker {EVERYBODY}"),
            "shop/workers.py": "class QuietUvicornWorker(UvicornWorker):\n"
            "    CONFIG_KWARGS = {'proxy_headers': False}\n",
        },
        {
            "Procfile": GUNICORN.format(f"{WORKER} --forwarded-allow-ips 10.0.0.7"),
            "gunicorn.conf.py": "forwarded_allow_ips = '*'\n",
            ".env": "FORWARDED_ALLOW_IPS=*\n",
        },
        {
            "Procfile": GUNICORN.format(WORKER),
            "gunicorn.conf.py": "forwarded_allow_ips = os.environ.get('FORWARDED_ALLOW_IPS', '*')\n",
            ".env": "FORWARDED_ALLOW_IPS=*\n",
        },
        {
            "Procfile": GUNICORN.format(WORKER),
            "gunicorn.conf.py": "forwarded_allow_ips = '*'\n",
            "Dockerfile": "ENV GUNICORN_CMD_ARGS='--forwarded-allow-ips=10.0.0.7'\n",
        },
    ],
    ids=range(7),
)
def test_what_has_the_stronger_word_and_is_narrow_is_silent(files):
    assert judge(files).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (".env", "FORWARDED_ALLOW_IPS=*\n"),
        (".env.production", 'FORWARDED_ALLOW_IPS="*"\n'),
        (".envs/.production/.django", "FORWARDED_ALLOW_IPS=*\n"),
        ("Dockerfile", "ENV FORWARDED_ALLOW_IPS=* PORT=80\n"),
        ("Dockerfile", "ENV FORWARDED_ALLOW_IPS *\n"),
        ("compose.yml", 'environment:\n  FORWARDED_ALLOW_IPS: "*"\n'),
        ("compose.yml", "environment:\n  - FORWARDED_ALLOW_IPS=*\n"),
        ("web.yaml", '- name: FORWARDED_ALLOW_IPS\n  value: "*"\n'),
        ("render.yaml", '- key: UVICORN_FORWARDED_ALLOW_IPS\n  value: "*"\n'),
        ("fly.toml", '[env]\n  FORWARDED_ALLOW_IPS = "*"\n'),
        ("main.tf", '{ name = "FORWARDED_ALLOW_IPS", value = "*" }\n'),
        ("app.json", '{"env": {"FORWARDED_ALLOW_IPS": "*"}}\n'),
        ("web.service", 'Environment="FORWARDED_ALLOW_IPS=*"\n'),
        ("start.sh", "export FORWARDED_ALLOW_IPS='*'\n"),
    ],
    ids=range(14),
)
def test_a_variable_says_it_too(file, text):
    runs = {"Procfile": UVICORN.format("")}
    (finding,) = judge({**runs, file: text}).findings
    assert finding.at.file == file
    assert finding.subject.endswith("FORWARDED_ALLOW_IPS")
    assert judge({file: text}).outcome is Outcome.PASS  # nobody is seen to read it
    assert judge({"Procfile": UVICORN.format("--no-proxy-headers"), file: text}).outcome is Outcome.PASS
    assert (
        judge({"Procfile": UVICORN.format("--forwarded-allow-ips=::1"), file: text}).outcome is Outcome.PASS
    )
    assert (
        judge(
            {
                "Dockerfile.web": "RUN apt-get update \\\n && pip install \\\n uvicorn \\\n gunicorn\n",
                file: text,
            }
        ).findings
        == ()
    )


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (".env", "FORWARDED_ALLOW_IPS=10.0.0.0/8\n"),
        (".env", "# FORWARDED_ALLOW_IPS=*\n"),
        (".env", "FORWARDED_ALLOW_IPS=\n"),
        (".env.example", "FORWARDED_ALLOW_IPS=*\n"),
        (".envs/.local/.django", "FORWARDED_ALLOW_IPS=*\n"),
        ("compose.yml", "environment:\n  FORWARDED_ALLOW_IPS: ${FORWARDED_ALLOW_IPS:-*}\n"),
        ("compose.yml", "environment:\n  - FORWARDED_ALLOW_IPS\n"),
        ("start.sh", 'echo "$FORWARDED_ALLOW_IPS *"\n'),
        ("shop/serve.py", 'x = os.environ.get("FORWARDED_ALLOW_IPS", "*")\n'),
        (".env", "OTHER_FORWARDED_ALLOW_IPS=*\n"),
    ],
    ids=range(10),
)
def test_a_variable_that_is_narrow_computed_or_another_s_is_silent(file, text):
    assert judge({"Procfile": UVICORN.format(""), file: text}).outcome is Outcome.PASS


def test_the_narrowest_variable_counts():
    files = {"Procfile": UVICORN.format(""), "Dockerfile": "ENV FORWARDED_ALLOW_IPS=*\n"}
    assert len(judge(files).findings) == 1
    assert judge({**files, ".env": "FORWARDED_ALLOW_IPS=10.0.0.1\n"}).outcome is Outcome.PASS
    assert judge(files, environ={"FORWARDED_ALLOW_IPS": "10.0.0.1"}).outcome is Outcome.PASS


def test_the_environment_says_it_too():
    (finding,) = judge({"Procfile": UVICORN.format("")}, environ={"FORWARDED_ALLOW_IPS": "*"}).findings
    assert finding.message.startswith("FORWARDED_ALLOW_IPS is * in the environment: uvicorn puts")
    assert finding.at is None
    (finding,) = judge(
        {"Procfile": GUNICORN.format(WORKER)}, environ={"GUNICORN_CMD_ARGS": "--forwarded-allow-ips=*"}
    ).findings
    assert finding.message.startswith("--forwarded-allow-ips is * in GUNICORN_CMD_ARGS: uvicorn's worker")
    assert finding.at is None
    files = {"Procfile": GUNICORN.format(WORKER)}
    assert judge(files, environ={"UVICORN_FORWARDED_ALLOW_IPS": "*"}).outcome is Outcome.PASS
    assert judge(files, environ={"GUNICORN_CMD_ARGS": "--workers 3"}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "text",
    [
        'import uvicorn\nuvicorn.run("shop.asgi:application", forwarded_allow_ips="*")\n',
        "from uvicorn import Config\nConfig('shop.asgi:application', forwarded_allow_ips=['*'])\n",
        "from uvicorn import workers\nclass W(workers.X):\n  CONFIG_KWARGS = {'forwarded_allow_ips': '*'}\n",
    ],
    ids=["run", "config", "worker"],
)
def test_code_says_it_too(text):
    (finding,) = judge({"shop/serve.py": text}).findings
    assert (finding.subject, finding.at.file) == ("forwarded_allow_ips", "shop/serve.py")
    assert judge({"tests/serve.py": text}).outcome is Outcome.PASS
    assert judge({"shop/dev/serve.py": text}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "text",
    [
        'uvicorn.run("shop.asgi:application")\n',
        'uvicorn.run("shop.asgi:application", forwarded_allow_ips="10.0.0.1")\n',
        'uvicorn.run("shop.asgi:application", forwarded_allow_ips="*", proxy_headers=False)\n',
        'uvicorn.run("shop.asgi:application", forwarded_allow_ips="*", reload=True)\n',
        '# uvicorn.run("shop.asgi:application", forwarded_allow_ips="*")\n',
        'gateway.run(forwarded_allow_ips="*")\n',
    ],
    ids=range(6),
)
def test_code_that_says_otherwise_is_silent(text):
    assert judge({"shop/serve.py": text}).outcome is Outcome.PASS


def test_each_command_is_judged_for_itself():
    text = UVICORN.format(EVERYBODY) + "\nadmin: uvicorn shop.asgi:application --no-proxy-headers\n"
    assert places(judge({"Procfile": text})) == ["Procfile:1"]


TRAEFIK = {"compose.yml": "services:\n  web:\n    labels:\n      - traefik.http.routers.web.tls=true\n"}
CADDY = {"Caddyfile": "example.org {\n  reverse_proxy web:8000\n}\n"}
NGINX = {"nginx.conf": "proxy_set_header X-Forwarded-For $remote_addr;\nproxy_pass http://web;\n"}
PAST_IT = "can do that."
LOST = "but CloudflareRealIPMiddleware no longer sees the peer that it would verify."


@pytest.mark.parametrize(
    ("files", "proxy"), [(TRAEFIK, "Traefik"), (CADDY, "Caddy"), (NGINX, "nginx.conf")], ids=range(3)
)
@pytest.mark.parametrize(
    "server",
    [UVICORN.format(EVERYBODY), GUNICORN.format(f"{WORKER} {EVERYBODY}")],
    ids=["uvicorn", "worker"],
)
def test_a_proxy_that_overwrites_the_header_limits_who_can_forge(files, proxy, server):
    files = {**files, "Procfile": server}
    (finding,) = judge(files).findings
    assert finding.severity is Severity.WARNING
    assert finding.message.endswith(
        f". The proxy overwrites that header ({proxy}), so only whoever reaches the server past it {PAST_IT}"
    )
    (finding,) = judge(files, ours=True).findings
    assert finding.severity is Severity.ERROR
    assert finding.message.endswith(f". The proxy overwrites that header ({proxy}), {LOST}")


def test_a_platform_overwrites_the_header():
    (finding,) = run_check(
        "proxy.server-rewrites-peer",
        settings={"PRODREADY": {"FACTS": {"platform": "coolify"}}},
        files={"Procfile": UVICORN.format(EVERYBODY)},
    ).findings
    assert (finding.severity, "(Traefik)" in finding.message) == (Severity.WARNING, True)


@pytest.mark.parametrize(
    "files",
    [
        {"compose.yml": TRAEFIK["compose.yml"] + "      - --entryPoints.web.forwardedHeaders.insecure\n"},
        {
            "Caddyfile": "{\n  servers {\n    trusted_proxies static private_ranges\n  }\n}\n"
            + CADDY["Caddyfile"]
        },
        {"nginx.conf": "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n"},
    ],
    ids=range(3),
)
def test_a_proxy_that_hands_the_header_on_limits_nobody(files):
    (finding,) = judge({**files, "Procfile": UVICORN.format(EVERYBODY)}).findings
    assert finding.severity is Severity.ERROR
    assert "overwrites" not in finding.message


def test_a_proxy_that_overwrites_the_addresses_does_not_matter_to_the_scheme():
    files = {**TRAEFIK, "Procfile": f"web: gunicorn shop.wsgi {EVERYBODY}\n"}
    assert judge(files).outcome is Outcome.PASS
    (finding,) = judge(files, ours=True).findings
    assert (finding.severity, "overwrites" in finding.message) == (Severity.ERROR, False)


@pytest.mark.parametrize(
    ("files", "off"),
    [
        (
            {"Procfile": UVICORN.format(f"--uds /run/s.sock {EVERYBODY}")},
            "Start uvicorn with --no-proxy-headers",
        ),
        (
            {"Procfile": UVICORN.format("--uds /run/s.sock"), ".env": "FORWARDED_ALLOW_IPS=*\n"},
            "Start uvicorn with --no-proxy-headers",
        ),
        (
            {"Procfile": GUNICORN.format(f"-b unix:/run/s.sock {WORKER} {EVERYBODY}")},
            "Remove --forwarded-allow-ips",
        ),
        (
            {
                "Procfile": GUNICORN.format(WORKER),
                "gunicorn.conf.py": "bind = 'unix:/run/s.sock'\nforwarded_allow_ips = '*'\n",
            },
            "Remove forwarded_allow_ips",
        ),
    ],
    ids=range(4),
)
def test_no_address_can_be_named_on_a_unix_socket(files, off):
    (finding,) = judge(files).findings
    assert finding.hint == (
        f"{off}, install {OURS} and set PRODREADY['TRUST_UNIX_SOCKET'] = True: on a unix socket the peer has"
        f" no address that {finding.subject} could name."
    )


COMPOSE = """
services:
  web:
{web}
  # the other one
  other:
{other}
volumes:
  data:
"""
SAYS = '    environment:\n      FORWARDED_ALLOW_IPS: "*"\n'
RUNS = "    command: uvicorn shop.asgi:application\n"


@pytest.mark.parametrize(
    ("web", "other"),
    [
        (RUNS, "    image: other/thing\n" + SAYS),
        (RUNS + "    build: .\n", SAYS + "    image: other/thing\n"),
        (RUNS + "    image: shop\n", "    image: other/thing\n" + SAYS),
        (RUNS, "    build: .\n    command: celery -A shop flower\n" + SAYS),
        (RUNS, "    image: shop\n    command: celery -A shop flower\n" + SAYS),
        ("    build: .\n", "    image: other/thing\n" + SAYS),
    ],
    ids=range(6),
)
def test_what_a_compose_file_says_to_another_service_is_silent(web, other):
    files = {"compose.yml": COMPOSE.format(web=web, other=other), "Procfile": UVICORN.format("")}
    assert judge(files).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("web", "other"),
    [
        (RUNS + SAYS, "    image: other/thing\n"),
        ("    build: .\n" + SAYS, "    image: other/thing\n"),
        ("    image: shop\n" + SAYS, "    image: other/thing\n"),
        ("    build: .\n    image: shop\n", "    image: shop\n" + SAYS),
        ("    <<: *base\n" + SAYS, "    image: other/thing\n"),
    ],
    ids=range(5),
)
def test_what_a_compose_file_says_to_the_server_counts(web, other):
    files = {"compose.yml": COMPOSE.format(web=web, other=other), "Procfile": UVICORN.format("")}
    (finding,) = judge(files).findings
    assert finding.subject == "FORWARDED_ALLOW_IPS"


def test_a_part_that_services_of_a_compose_file_share_counts():
    text = f"x-base: &base\n{SAYS}" + COMPOSE.format(web=RUNS + "    <<: *base\n", other="    image: other\n")
    assert judge({"compose.yml": text}).findings
    assert judge({"compose.yml": SAYS, "Procfile": UVICORN.format("")}).findings


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": "Django\nuvicorn[standard]==0.54\n"},
        {"requirements/production.txt": "uvicorn-worker\ngunicorn\n"},
        {"pyproject.toml": '[project]\ndependencies = ["django", "uvicorn>=0.30"]\n'},
        {"requirements.txt": "uvicorn\n", "Dockerfile": "RUN pip install -r requirements.txt\nCMD start\n"},
        {"Dockerfile": "RUN pip install uvicorn\n", "requirements.txt": "django\n"},
    ],
    ids=range(5),
)
@pytest.mark.parametrize("ours", [False, True])
def test_the_environment_says_it_to_the_server_that_is_required(files, ours):
    (finding,) = judge(files, environ={"FORWARDED_ALLOW_IPS": "*"}, ours=ours).findings
    assert finding.severity is Severity.WARNING
    assert finding.message.startswith("FORWARDED_ALLOW_IPS is * in the environment: uvicorn puts")
    assert finding.message.endswith(". No file starts a server, but the project requires uvicorn.")


def test_the_environment_says_it_to_gunicorn():
    files = {"requirements.txt": "gunicorn==27.0\n"}
    assert judge(files, environ={"FORWARDED_ALLOW_IPS": "*"}).outcome is Outcome.PASS
    (finding,) = judge(files, environ={"FORWARDED_ALLOW_IPS": "*"}, ours=True).findings
    assert finding.severity is Severity.WARNING
    assert "gunicorn takes the scheme" in finding.message
    assert judge(files, environ={"UVICORN_FORWARDED_ALLOW_IPS": "*"}, ours=True).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("files", "environ"),
    [
        ({"requirements.txt": "uvicorn\n"}, {}),
        ({"requirements.txt": "uvicorn\n"}, {"FORWARDED_ALLOW_IPS": "10.0.0.7"}),
        (
            {"requirements.txt": "uvicorn\n", ".env": "FORWARDED_ALLOW_IPS=10.0.0.7\n"},
            {"FORWARDED_ALLOW_IPS": "*"},
        ),
        ({"requirements.txt": "django\n"}, {"FORWARDED_ALLOW_IPS": "*"}),
        ({"requirements.txt": "# uvicorn\ndjango-uvicorn-tools\n"}, {"FORWARDED_ALLOW_IPS": "*"}),
        ({"requirements.txt": "django\n", "requirements-dev.txt": "uvicorn\n"}, {"FORWARDED_ALLOW_IPS": "*"}),
        ({"requirements.txt": "uvicorn\nhypercorn\n"}, {"FORWARDED_ALLOW_IPS": "*"}),
        ({"requirements.txt": "uvicorn\ndaphne\n"}, {"FORWARDED_ALLOW_IPS": "*"}),
        (
            {"requirements.txt": "uvicorn\n", "Procfile": "web: granian shop.asgi\n"},
            {"FORWARDED_ALLOW_IPS": "*"},
        ),
        ({"requirements.txt": "uvicorn\n", "uwsgi.conf": "exec uwsgi\n"}, {"FORWARDED_ALLOW_IPS": "*"}),
        (
            {"requirements.txt": "uvicorn\n", "Procfile": UVICORN.format("--no-proxy-headers")},
            {"FORWARDED_ALLOW_IPS": "*"},
        ),
        (
            {
                "requirements.txt": "uvicorn\n",
                "serve.py": "import uvicorn\nuvicorn.run(app, proxy_headers=False)\n",
            },
            {"FORWARDED_ALLOW_IPS": "*"},
        ),
        (
            {
                "requirements.txt": "uvicorn\ngunicorn\n",
                "gunicorn.conf.py": "forwarded_allow_ips = '10.0.0.7'\n",
            },
            {"FORWARDED_ALLOW_IPS": "*"},
        ),
        (
            {"requirements.txt": "uvicorn\ngunicorn\n"},
            {"FORWARDED_ALLOW_IPS": "*", "GUNICORN_CMD_ARGS": "--forwarded-allow-ips=10.0.0.7"},
        ),
        ({"requirements.txt": "uvicorn\n", ".env": "FORWARDED_ALLOW_IPS=*\n"}, {}),
    ],
    ids=range(15),
)
def test_an_environment_that_is_narrow_or_another_server_s_is_silent(files, environ):
    assert judge(files, environ=environ).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("installed", "is_told"),
    [({"uvicorn"}, True), ({"uvicorn", "gunicorn"}, True), ({"uvicorn", "daphne"}, False), (set(), False)],
    ids=range(4),
)
def test_what_is_installed_counts_where_no_file_tells_requirements(monkeypatch, installed, is_told):
    monkeypatch.setattr(Facts, "is_installed", lambda facts, module: module in installed)
    assert bool(judge({}, environ={"FORWARDED_ALLOW_IPS": "*"}).findings) is is_told


def test_channels_own_server_is_another():
    result = run_check(
        "proxy.server-rewrites-peer",
        settings={"INSTALLED_APPS": ["daphne"]},
        files={"requirements.txt": "uvicorn\n"},
        environ={"FORWARDED_ALLOW_IPS": "*"},
    )
    assert result.outcome is Outcome.PASS


def judge_merging(files, *, environ=None, ours=False, prodready=None):
    settings = {"MIDDLEWARE": [OURS] if ours else [], "PRODREADY": prodready or {}}
    return run_check("proxy.server-rewrites-peer", settings=settings, files=files, environ=environ)


DANGEROUS = [
    ({"gunicorn.conf.py": "header_map = 'dangerous'\n"}, "header_map"),
    ({"Procfile": "web: gunicorn shop.wsgi --header-map dangerous\n"}, "--header-map"),
    ({"Procfile": "web: gunicorn shop.wsgi --header-map=dangerous\n"}, "--header-map"),
    (
        {"Dockerfile": 'FROM python\nCMD ["gunicorn", "shop.wsgi", "--header-map", "dangerous"]\n'},
        "--header-map",
    ),
    (
        {
            "Procfile": "web: gunicorn shop.wsgi\n",
            ".profile.sh": "GUNICORN_CMD_ARGS='--header-map=dangerous'\n",
        },
        "--header-map",
    ),
    (
        {
            "Procfile": "web: gunicorn shop.wsgi -k gthread\n",
            "gunicorn.conf.py": "header_map = 'dangerous'\n",
        },
        "header_map",
    ),
]


@pytest.mark.parametrize(("files", "setting"), DANGEROUS, ids=range(6))
def test_gunicorn_joins_headers(files, setting):
    (finding,) = judge_merging(files).findings
    assert (finding.subject, finding.severity) == (setting, Severity.WARNING)
    assert finding.message == (
        f"{setting} is dangerous in {finding.at.file}: gunicorn joins the X_Forwarded_For that a client"
        " writes with the proxy's X-Forwarded-For, and nothing inside Django can tell them apart."
    )
    assert finding.hint.startswith(f"Remove {setting}: ")
    for asked in (
        {"ours": True},
        {"prodready": {"TRUSTED_PROXIES": ["10.0.0.7"]}},
        {"prodready": {"CLOUDFLARE": True}},
    ):
        assert judge_merging(files, **asked).findings[0].severity is Severity.ERROR


def test_gunicorn_s_variable_has_it_join_headers():
    (finding,) = judge_merging({}, environ={"GUNICORN_CMD_ARGS": "--header-map dangerous"}).findings
    assert finding.message.startswith("--header-map is dangerous in GUNICORN_CMD_ARGS: ")
    assert finding.at is None


def test_the_line_of_the_option_is_told():
    text = "exec gunicorn shop.wsgi \\\n  --workers 2 \\\n  --header-map dangerous\n"
    assert places(judge_merging({"run.sh": text})) == ["run.sh:3"]


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": "web: gunicorn shop.wsgi\n"},
        {"Procfile": "web: gunicorn shop.wsgi --header-map drop\n"},
        {"Procfile": "web: gunicorn shop.wsgi --header-map refuse\n"},
        {"Procfile": "web: gunicorn shop.wsgi --header-map dangerous --header-map drop\n"},
        {"Procfile": "# web: gunicorn shop.wsgi --header-map dangerous\n"},
        {"Procfile": "web: other --header-map dangerous\n"},
        {"docs/Procfile": "web: gunicorn shop.wsgi --header-map dangerous\n"},
        {"gunicorn.conf.py": "header_map = 'drop'\n"},
        {"gunicorn.conf.py": "# header_map = 'dangerous'\n"},
        {"gunicorn.conf.py": "header_map = os.environ.get('MAP', 'dangerous')\n"},
        {"tests/gunicorn.conf.py": "header_map = 'dangerous'\n"},
        {"shop/views.py": "header_map = 'dangerous'\n"},
        {
            "Procfile": "web: gunicorn shop.wsgi --header-map drop\n",
            "gunicorn.conf.py": "header_map = 'dangerous'\n",
        },
        {
            "Dockerfile": "ENV GUNICORN_CMD_ARGS='--header-map=drop'\n",
            "gunicorn.conf.py": "header_map = 'dangerous'\n",
        },
        {"Procfile": GUNICORN.format(f"{WORKER} --header-map dangerous")},
        {"Procfile": GUNICORN.format("-k asgi --header-map dangerous")},
        {"gunicorn.conf.py": "worker_class = 'uvicorn_worker.UvicornWorker'\nheader_map = 'dangerous'\n"},
        {"Procfile": UVICORN.format("--header-map dangerous")},
    ],
    ids=range(18),
)
def test_a_gunicorn_that_keeps_headers_apart_is_silent(files):
    assert judge_merging(files, ours=True).outcome is Outcome.PASS


GRANIAN = [
    ({"Procfile": "web: granian --interface wsgi shop.wsgi:application\n"}, "--interface"),
    ({"Dockerfile": 'CMD ["granian", "--interface", "wsgi", "shop.wsgi:application"]\n'}, "--interface"),
    (
        {"Procfile": "web: granian shop.wsgi:application\n", "run.sh": "export GRANIAN_INTERFACE=wsgi\n"},
        "GRANIAN_INTERFACE",
    ),
    ({"serve.py": "Granian('shop.wsgi:application', interface='wsgi').serve()\n"}, "interface"),
    (
        {"serve.py": "Granian(\n  'shop.wsgi:application',\n  interface=Interfaces.WSGI,\n).serve()\n"},
        "interface",
    ),
]


@pytest.mark.parametrize(("files", "setting"), GRANIAN, ids=range(5))
def test_granian_keeps_the_last_header(files, setting):
    assert judge_merging(files).outcome is Outcome.PASS
    for asked in ({"ours": True}, {"prodready": {"TRUSTED_PROXIES": ["10.0.0.7"]}}):
        (finding,) = judge_merging(files, **asked).findings
        assert (finding.subject, finding.severity) == (setting, Severity.WARNING)
        assert finding.message.startswith(f"{setting} is wsgi in {finding.at.file}: granian keeps the last")
    nginx = {"nginx.conf": "location / {\n  proxy_pass http://web;\n}\n"}
    assert judge_merging({**files, **nginx}, ours=True).outcome is Outcome.PASS
    kept = {"nginx.conf": "underscores_in_headers on;\n" + nginx["nginx.conf"]}
    assert judge_merging({**files, **kept}, ours=True).findings
    assert judge_merging({**files, "docs/nginx.conf": nginx["nginx.conf"]}, ours=True).findings


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": "web: granian --interface asgi shop.asgi:application\n"},
        {"Procfile": "web: granian shop.asgi:application\n"},
        {"Procfile": "# web: granian --interface wsgi shop.wsgi:application\n"},
        {"Procfile": "web: other --interface wsgi\n"},
        {"Dockerfile": "RUN pip install granian\nCMD other --interface wsgi\n"},
        {"docs/Procfile": "web: granian --interface wsgi shop.wsgi:application\n"},
        {"run.sh": "export GRANIAN_INTERFACE=wsgi\n"},
        {
            "Procfile": "web: granian --interface asgi shop.asgi:application\n",
            "run.sh": "GRANIAN_INTERFACE=wsgi\n",
        },
        {"serve.py": "Granian('shop.asgi:application', interface='asgi').serve()\n"},
        {"serve.py": "# Granian('shop.wsgi:application', interface='wsgi').serve()\n"},
        {"tests/serve.py": "Granian('shop.wsgi:application', interface='wsgi').serve()\n"},
    ],
    ids=range(11),
)
def test_a_granian_that_keeps_headers_apart_is_silent(files):
    assert judge_merging(files, ours=True).outcome is Outcome.PASS


def test_granian_does_not_read_whom_the_others_are_told_to_believe():
    files = {"Procfile": f"web: granian --interface asgi shop.asgi:application {EVERYBODY}\n"}
    assert judge(files, ours=True).outcome is Outcome.PASS
