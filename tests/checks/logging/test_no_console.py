import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

HANDLERS = {
    "console": {"class": "logging.StreamHandler"},
    "development": {"class": "logging.StreamHandler", "filters": ["require_debug_true"]},
    "file": {"class": "logging.FileHandler", "filename": "/var/log/app.log"},
    "syslog": {"class": "logging.handlers.SysLogHandler"},
    "mail": {"class": "django.utils.log.AdminEmailHandler"},
    "loguru": {"class": "shop.Intercept"},
}
FILTERS = {"require_debug_true": {"()": "django.utils.log.RequireDebugTrue"}}
CODE = "import logging\nclass Intercept(logging.Handler): pass\n"


@pytest.fixture(autouse=True)
def leave_logging_alone(monkeypatch):
    """Django 6.1 applies LOGGING when a test announces it; what is judged here must not happen here."""
    monkeypatch.setattr("django.test.signals.configure_logging", lambda *args: None, raising=False)


def judge(logging=None, *, files=None, settings_module=None, **settings):
    return run_check(
        "logging.no-console",
        settings={"LOGGING": logging or {}, **settings},
        files={"shop.py": CODE, **(files or {})},
        settings_module=settings_module,
    )


def configured(root=None, *, disable=False, **loggers):
    config = {
        "version": 1,
        "disable_existing_loggers": disable,
        "filters": FILTERS,
        "handlers": HANDLERS,
        "loggers": {
            name.replace("__", "."): {"handlers": value} if isinstance(value, list) else value
            for name, value in loggers.items()
        },
    }
    return {**config, "root": {"handlers": root}} if root is not None else config


@pytest.mark.parametrize("debug", [True, False])
def test_fires_for_the_defaults_of_django(debug):
    (finding,) = judge(DEBUG=debug).findings
    assert finding.severity is Severity.ERROR
    assert "an exception in a view (logged by django.request) reaches no console" in finding.message
    assert finding.evidence == (
        "handler console: drops everything while DEBUG is off",
        "handler mail_admins: sends mail",
    )
    assert finding.hint == (
        "Set LOGGING, with 'disable_existing_loggers': False and a handler of class"
        " logging.StreamHandler for 'root'."
    )


@pytest.mark.parametrize(
    ("config", "hint"),
    [
        (configured(["development"]), "LOGGING['root']"),
        (configured(["mail"]), "LOGGING['root']"),
        (configured(shop=["console"]), "LOGGING['root']"),
        (
            configured(["console"], django__request={"handlers": ["mail"], "propagate": False}),
            "['django.request']",
        ),
        (configured(["console"], disable=True), "Set LOGGING['disable_existing_loggers'] = False."),
        (
            configured(["file"], disable=True),
            "Set LOGGING['disable_existing_loggers'] = False, and add a handler of class logging.",
        ),
        (
            {"version": 1, "incremental": True, "root": {"level": "CRITICAL"}},
            "Replace LOGGING['incremental'] by 'disable_existing_loggers': False; then add a handler",
        ),
        (
            configured(["console"], django={"level": "CRITICAL"}),
            "Let errors pass the level of LOGGING['loggers']['django'].",
        ),
        (
            configured(["console"], django__request={"filters": ["require_debug_true"]}),
            "Let errors pass the filters of LOGGING['loggers']['django.request'].",
        ),
    ],
)
def test_fires_for_exceptions_in_views(config, hint):
    (finding,) = judge(config).findings
    assert finding.severity is Severity.ERROR
    assert hint in finding.hint


KEPT = [
    (configured(["file"]), "LOGGING['root']"),
    (configured(["syslog"]), "LOGGING['root']"),
    (configured(["file"], django=["file"]), "LOGGING['root']"),
    (configured(django=["file"]), "LOGGING['root']"),
    (configured(["console"], django={"handlers": ["file"], "propagate": False}), "['django']"),
]


@pytest.mark.parametrize(("config", "place"), KEPT)
def test_only_warns_of_what_another_place_keeps(config, place):
    (finding,) = judge(config, files={"deploy/shop.service": "[Service]\nExecStart=gunicorn\n"}).findings
    assert finding.severity is Severity.WARNING
    assert place in finding.hint
    assert finding.hint.endswith(
        ", or declare PRODREADY = {'FACTS': {'logging': 'files'}} if somebody reads them where they go."
    )


@pytest.mark.parametrize(("config", "place"), KEPT)
def test_a_container_loses_what_another_place_keeps(config, place):
    (finding,) = judge(config, files={"Dockerfile": "FROM python:3.13\n"}).findings
    assert finding.severity is Severity.ERROR
    assert place in finding.hint


@pytest.mark.parametrize(
    "config",
    [
        configured(["file"], django=["console"], gunicorn__error=["console"], celery=["console"]),
        {**configured(django=["console"]), "root": {"handlers": ["file"]}},
    ],
)
def test_servers_loggers_are_none_of_the_projects(config):
    (finding,) = judge(config).findings
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize("root", [["file"], ["development", "mail"], ["syslog"]])
def test_only_warns_when_the_root_logger_alone_has_none(root):
    (finding,) = judge(configured(root, django=["console"])).findings
    assert finding.severity is Severity.WARNING
    assert "the root logger" in finding.message


@pytest.mark.parametrize(
    "config",
    [
        configured(["console"]),
        configured(["console", "file"]),
        configured(["file"], django=["console"], shop=["console"]),
        configured(django=["console"]),
        configured(django=["console"], disable=True),
        configured(["console"], django=[], disable=True),
        configured(["console"], django__request={"level": "ERROR"}),
        configured(["loguru"]),
        configured(["file"], django=["loguru"], shop=["loguru"]),
        configured(django=[]),
        {**configured(), "loggers": {"root": {"handlers": ["console"]}}},
    ],
)
def test_is_silent(config):
    assert judge(config).outcome is Outcome.PASS


@pytest.mark.parametrize("handler", ["syslog", "file"])
def test_other_places_count_when_declared(handler):
    declared = {"PRODREADY": {"FACTS": {"logging": "journald"}}}
    assert judge(configured([handler]), **declared).outcome is Outcome.PASS
    assert judge(configured(["mail"]), **declared).outcome is Outcome.FAIL


@pytest.mark.parametrize("settings", [{"LOGGING_CONFIG": None}, {"LOGGING_CONFIG": "shop.configure"}])
def test_is_not_applicable_when_the_project_configures_logging(settings):
    assert judge(configured(["file"]), **settings).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("logging", [["console"], "console"])
def test_is_not_applicable_to_what_is_no_dict(logging):
    assert judge(logging).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("conf.py", "import logging\nlogging.basicConfig(level='INFO')\n"),
        ("site1/wsgi.py", "from logging.config import dictConfig\ndictConfig({})\n"),
        ("site1/apps.py", "root = logging.getLogger()\nroot.addHandler(handler)\n"),
        ("gunicorn.conf.py", "logconfig_dict = {'version': 1}\n"),
        ("deploy/gunicorn_config.py", "logconfig = 'logging.ini'\n"),
        ("site1/log_setup.py", "client.setup_logging()\n"),
    ],
)
def test_is_not_applicable_when_code_configures_logging(path, code):
    result = judge(files={path: code}, settings_module="conf")
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert result.reason == f"{path} configures logging itself"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("tests/test_log.py", "logging.basicConfig()\n"),
        ("scripts/import_books.py", "logging.basicConfig()\n"),
        ("site1/wsgi.py", "import logging\nlogger = logging.getLogger(__name__)\n"),
        ("gunicorn.conf.py", "loglevel = 'info'\naccesslog = '-'\n"),
        ("catalog.py", "LOGGING = {}\n"),
    ],
)
def test_other_code_does_not_matter(path, code):
    assert judge(files={path: code}).outcome is Outcome.FAIL


QUEUE = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "console": {"class": "logging.StreamHandler"},
        "queue": {"class": "logging.handlers.QueueHandler", "handlers": ["console"]},
    },
    "root": {"handlers": ["queue"]},
}


def test_fires_for_a_queue_whose_listener_nothing_starts():
    (finding,) = judge(QUEUE).findings
    assert "handler queue: waits for its listener, which nothing starts" in finding.evidence


def test_a_listener_that_code_starts_is_a_console():
    code = 'import logging\nlogging.getHandlerByName("queue").listener.start()\n'
    assert judge(QUEUE, files={"shop_start.py": code}).outcome is Outcome.PASS


def test_a_listener_of_the_projects_own_may_start_itself():
    queue = {**QUEUE["handlers"]["queue"], "listener": "shop.Listener"}
    config = {**QUEUE, "handlers": {**QUEUE["handlers"], "queue": queue}}
    assert judge(config).outcome is Outcome.PASS


@pytest.mark.parametrize("options", ["--log-config logging.ini", "--log-config-json=logging.json"])
def test_is_not_applicable_when_the_server_is_told_to_configure_logging(options):
    result = judge(files={"Procfile": f"web: gunicorn {options} site1.wsgi\n"})
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert result.reason == "Procfile configures logging itself"


def test_says_where():
    files = {"conf.py": "DEBUG = False\nLOGGING = {'version': 1}\n"}
    (finding,) = judge({"version": 1}, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"


def test_fingerprint_tells_the_two_apart():
    (views,) = judge(configured(["file"])).findings
    (root,) = judge(configured(["file"], django=["console"])).findings
    assert views.fingerprint != root.fingerprint
