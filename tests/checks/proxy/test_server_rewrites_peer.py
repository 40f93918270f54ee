import pytest

from django_prodready.audit import Outcome, Severity
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
