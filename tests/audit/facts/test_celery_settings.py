import importlib
import sys

import pytest

from django_prodready.audit.facts.celery_settings import celery_settings, find_celery_settings
from django_prodready.audit.facts.celery_values import COMPUTED
from django_prodready.audit.model import Case, NotApplicable, NotRun
from django_prodready.audit.testing import project

APP = "from celery import Celery\n\napp = Celery('shop')\n"
DJANGO = "app.config_from_object('django.conf:settings', namespace='CELERY')\n"
QUIET = "from celery import Celery\n\napp = Celery('shop', set_as_current=False, fixups=[])\n"


@pytest.fixture
def read():
    """Return what stands for an option, as (name, value, origin), in a project of these files."""

    def read(option, app=APP + DJANGO, files=None, load=None, environ=None, settings_module=None, **settings):
        case = Case(
            settings=settings,
            files={"shop/celery.py": app, **(files or {})},
            environ=environ or {},
            settings_module=settings_module,
        )
        with project(case) as facts:
            if load:
                importlib.import_module(load)
            found = celery_settings(facts)
            origin = found.origin(option)
            return found.name(option), found.value(option), str(origin) if origin else None

    return read


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"shop/views.py": "import redis\n"},
        {"tests/test_x.py": APP},
        {"shop/broken.py": "from celery import Celery\napp = Celery(\n# celery"},
    ],
)
def test_project_without_celery(files):
    files = {name: text for name, text in files.items() if "broken" not in name}
    with project(Case(files=files)) as facts:
        assert find_celery_settings(facts) is None
        with pytest.raises(NotApplicable, match="does not use Celery"):
            celery_settings(facts)


@pytest.mark.parametrize(
    "case",
    [
        Case(settings={"CELERY_BROKER_URL": "redis://redis/0"}),
        Case(settings={"BROKER_URL": "redis://redis/0"}),
        Case(settings={"CELERYD_CONCURRENCY": 2}),
        Case(files={"shop/tasks.py": "from celery import shared_task\n"}),
        Case(files={"shop/celery.py": APP}),
    ],
)
def test_project_with_celery(case):
    with project(case) as facts:
        assert find_celery_settings(facts) is celery_settings(facts)


def test_settings_of_another_database_are_no_sign():
    with project(
        Case(settings={"DATABASE_URL": "x", "SECURITY_KEY": "x", "CELERY_EMAIL_BACKEND": "x"})
    ) as facts:
        assert find_celery_settings(facts) is None


def test_namespace(read):
    assert read("task_time_limit", CELERY_TASK_TIME_LIMIT=5) == ("CELERY_TASK_TIME_LIMIT", 5, None)
    assert read("task_time_limit") == ("CELERY_TASK_TIME_LIMIT", None, None)


def test_other_namespace(read):
    app = APP + "from django.conf import settings\napp.config_from_object(settings, namespace='QUEUE')\n"
    settings = {"CELERY_TASK_TIME_LIMIT": 5, "QUEUE_TASK_TIME_LIMIT": 6}
    assert read("task_time_limit", app, **settings) == ("QUEUE_TASK_TIME_LIMIT", 6, None)


def test_computed_namespace_is_the_usual_one(read):
    app = APP + "app.config_from_object('django.conf:settings', namespace=PREFIX)\n"
    assert read("task_time_limit", app, CELERY_TASK_TIME_LIMIT=5)[1] == 5


@pytest.mark.parametrize("namespace", ["", ", namespace=None"])
def test_no_namespace_takes_old_names(read, namespace):
    app = APP + f"app.config_from_object('django.conf:settings'{namespace})\n"
    settings = {"CELERY_TASK_TIME_LIMIT": 5, "CELERYD_TASK_TIME_LIMIT": 6}
    assert read("task_time_limit", app, **settings) == ("CELERYD_TASK_TIME_LIMIT", 6, None)
    assert read("task_time_limit", app)[0] == "CELERYD_TASK_TIME_LIMIT"


def test_old_names_hold_beside_a_namespace(read):
    assert read("broker_url", BROKER_URL="redis://a") == ("BROKER_URL", "redis://a", None)


def test_namespace_in_small_letters_finds_nothing_in_settings(read):
    app = APP + "app.config_from_object('django.conf:settings', namespace='celery')\n"
    assert read("task_acks_late", app, CELERY_TASK_ACKS_LATE=True, celery_task_acks_late=True)[1] is None


def test_origin_in_settings(read):
    conf = "TIME_ZONE = 'UTC'\nCELERY_TASK_TIME_LIMIT = 5\n"
    found = read("task_time_limit", files={"conf.py": conf}, settings_module="conf", CELERY_TASK_TIME_LIMIT=5)
    assert found[2] == "conf.py:2"


@pytest.mark.parametrize(
    ("line", "option", "expected"),
    [
        ("app.conf.task_time_limit = 60 * 5", "task_time_limit", 300),
        ("app.conf.task_time_limit: int = 7", "task_time_limit", 7),
        ("app.conf['task_time_limit'] = 8", "task_time_limit", 8),
        ("app.conf.update(task_time_limit=9, timezone='UTC')", "task_time_limit", 9),
        ("app.conf.update({'task_time_limit': 10, **more}, **more)", "task_time_limit", 10),
        ("app.conf.CELERYD_TASK_TIME_LIMIT = 11", "task_time_limit", 11),
    ],
)
def test_application_wins(read, line, option, expected):
    name, value, origin = read(option, f"{APP}{DJANGO}{line}\n", CELERY_TASK_TIME_LIMIT=5)
    assert name.startswith("app.conf.")
    assert (value, origin) == (expected, "shop/celery.py:5")


@pytest.mark.parametrize(
    "line",
    [
        "other.conf.task_time_limit = 1",
        "app.configuration.task_time_limit = 1",
        "app.conf[name] = 1",
        "app.conf.update",
        "update(task_time_limit=1)",
        "app.conf.clear()",
        "app.task_time_limit = 1",
        "limit: int",
        "def configure():\n    app.conf.task_time_limit = 1",
        "app.conf.update(more)",
    ],
)
def test_other_lines_set_nothing(read, line):
    assert read("task_time_limit", f"{APP}{DJANGO}{line}\n")[1] is None


def test_condition_makes_a_value_unknown():
    app = (
        APP
        + DJANGO
        + "if production:\n    app.conf.task_time_limit = 5\nwith x:\n    app.conf.timezone = 'UTC'\n"
    )
    with project(Case(files={"shop/celery.py": app})) as facts:
        settings = celery_settings(facts)
        assert settings.find("task_time_limit").value is COMPUTED
        assert settings.value("task_time_limit") is None
        assert settings.is_set("task_time_limit")
        assert settings.value("timezone") == "UTC"
        assert settings.given == {"task_time_limit", "timezone"}


def test_arguments_of_the_application(read):
    app = "import celery\napp = celery.Celery('x', broker='redis://a', task_cls=T, timezone='UTC', **more)\n"
    assert read("broker_url", app) == ("app.conf.broker_url", "redis://a", "shop/celery.py:2")
    assert read("timezone", app)[1] == "UTC"
    assert read("task_cls", app)[1] is None
    assert read("task_time_limit", app)[0] == "app.conf.task_time_limit"


CONFIGURED = APP + "app.config_from_object('shop.celeryconfig')\n"


@pytest.mark.parametrize("name", ["task_time_limit", "CELERYD_TASK_TIME_LIMIT"])
def test_module_of_configuration(read, name):
    files = {"shop/celeryconfig.py": f"import os\nif os:\n    timezone = 'UTC'\n{name} = 5\na.b = 1\n"}
    assert read("task_time_limit", CONFIGURED, files) == (name, 5, "shop/celeryconfig.py:4")
    assert read("timezone", CONFIGURED, files)[1] is None
    assert read("task_acks_late", CONFIGURED, files, CELERY_TASK_ACKS_LATE=True)[:2] == (
        "task_acks_late",
        None,
    )


@pytest.mark.parametrize("argument", ["Config", "'shop.absent'", "", "1", "obj=Config"])
def test_configuration_that_is_not_to_be_seen(read, argument):
    with pytest.raises(NotRun, match="does not show"):
        read("task_time_limit", f"{APP}app.config_from_object({argument})\n")


def test_environment_wins(read):
    found = read("broker_url", environ={"CELERY_BROKER_URL": "redis://e"}, CELERY_BROKER_URL="redis://s")
    assert found == ("the environment's CELERY_BROKER_URL", "redis://e", None)


def test_loaded_application_is_asked(read):
    app = QUIET + DJANGO + "for limit in (1, 7):\n    app.conf.update(task_time_limit=limit)\n"
    assert read("task_time_limit", app)[1] is None
    assert read("task_time_limit", app, load="shop.celery") == (
        "app.conf.task_time_limit",
        7,
        "shop/celery.py:6",
    )
    extra = app + "setattr(app.conf, 'task_acks_late', True)\n"
    assert read("task_acks_late", extra, load="shop.celery") == ("app.conf.task_acks_late", True, None)


def test_loaded_application_is_not_made_to_load_its_configuration():
    app = QUIET + DJANGO + "app.on_configure.connect(lambda **_: 1 / 0, weak=False)\n"
    with project(Case(files={"shop/celery.py": app}, settings={"CELERY_TASK_TIME_LIMIT": 5})) as facts:
        loaded = importlib.import_module("shop.celery").app
        assert celery_settings(facts).number("task_time_limit") == 5
        assert not loaded.configured


def test_loaded_and_configured_application(read):
    app = (
        QUIET
        + "app.config_from_object({'timezone': 'UTC'})\napp.conf.timezone\napp.conf.task_time_limit = 7\n"
    )
    # What an object of the project's own holds is not to be seen; what the application was given is.
    with project(Case(files={"shop/celery.py": app})) as facts:
        assert importlib.import_module("shop.celery").app.configured
        assert find_celery_settings(facts).value("task_time_limit") == 7


def test_loaded_module_with_another_object_of_the_name(read):
    app = APP + DJANGO + "app.conf.task_time_limit = 5\n"
    stub = "class Celery:\n    def __init__(self, name): self.conf = self\n"
    stub += "    def config_from_object(self, *a, **b): ...\n"
    files = {"shop/stub.py": stub}
    app = app.replace("from celery import Celery", "from shop.stub import Celery  # not celery's")
    assert read("task_time_limit", app, files, load="shop.celery")[1] == 5


def test_the_loaded_one_of_two_applications(read):
    other = QUIET + DJANGO + "app.conf.task_time_limit = 1\n"
    files = {"shop/a.py": APP, "shop/z.py": other.replace("= 1", "= 2")}
    assert read("task_time_limit", other, files, load="shop.z")[1] == 2


def test_addresses():
    url = "redis://a/0; redis://b/0;"
    with project(Case(settings={"CELERY_BROKER_URL": url, "CELERY_RESULT_BACKEND": ["rpc://", 1]})) as facts:
        settings = celery_settings(facts)
        assert settings.urls("broker_url") == ("redis://a/0", "redis://b/0")
        assert settings.urls("result_backend") == ("rpc://",)
        assert settings.urls("broker_read_url") == ()


@pytest.mark.parametrize(
    ("annotations", "expected"), [({"*": {"time_limit": 5}}, 5), ({"*": []}, None), ({}, None), ([], None)]
)
def test_annotations(annotations, expected):
    with project(Case(settings={"CELERY_TASK_ANNOTATIONS": annotations})) as facts:
        assert celery_settings(facts).annotation("time_limit") == expected


def test_source_that_is_no_python_is_passed_over():
    with project(Case(files={"shop/celery.py": "from celery import Celery\napp = Celery(\n"})) as facts:
        assert celery_settings(facts).value("task_time_limit") is None


def test_nothing_is_imported(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] in ("celery", "kombu")]:
        monkeypatch.delitem(sys.modules, name)
    case = Case(files={"shop/celery.py": APP + DJANGO}, settings={"CELERY_TASK_TIME_LIMIT": 5})
    with project(case) as facts:
        assert celery_settings(facts).number("task_time_limit") == 5
    assert not {"celery", "kombu"} & sys.modules.keys()
