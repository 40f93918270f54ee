import pytest

from django_prodready.audit import Case
from django_prodready.audit.facts.env_reads import reads_of
from django_prodready.audit.testing import project


def read(source, **files):
    case = Case(files={"conf.py": source, **files}, settings_module="conf")
    with project(case) as facts:
        assert reads_of(facts) is reads_of(facts)
        return reads_of(facts)


ENVIRON = "import environ\nenv = environ.Env(WITH=(bool, False), KIND=str)\n"
ENVIRONS = "from environs import Env\nenv = Env()\n"
DECOUPLE = "from decouple import config\n"


@pytest.mark.parametrize(
    ("source", "library"),
    [
        ("import os\nX = os.environ['X']\n", "os"),
        ("import os as system\nX = system.environ['X']\n", "os"),
        ("from os import environ\nX = environ['X']\n", "os"),
        ("import os\nwith open('a') as file:\n    X = int(os.environ['X'])\n", "os"),
        ("import os\nclass Base:\n    X = [os.environ['X']]\n", "os"),
        ("import os\nX = os.environ.get('Y', os.environ['X'])\n", "os"),
        ("import os\nX = 1 if os.environ['X'] else 2\n", "os"),
        ("import os\nX = os.environ['X'] or 1\n", "os"),
        ("import os\nif os.environ['X'] == 'a':\n    pass\n", "os"),
        (ENVIRON + "X = env('X')\n", "django-environ"),
        (ENVIRON + "X = env('X', str)\n", "django-environ"),
        (ENVIRON + "X = env.bool('X')\n", "django-environ"),
        (ENVIRON + "X = env.db('X')\n", "django-environ"),
        (ENVIRON + "X = env.str(var='X')\n", "django-environ"),
        (ENVIRON + "X = env('X', cast=int)\n", "django-environ"),
        ("from environ import Env as E\nread = E()\nX = read('X')\n", "django-environ"),
        (
            "import environ\nenv: environ.Env = environ.FileAwareEnv()\nX = env('X')\n",
            "django-environ with files",
        ),
        (ENVIRONS + "X = env('X')\n", "environs"),
        (ENVIRONS + "X = env.int('X', validate=[])\n", "environs"),
        ("import environs\nX = environs.env('X')\n", "environs"),
        (DECOUPLE + "X = config('X', cast=bool)\n", "decouple"),
        ("import decouple\nconf = decouple.AutoConfig('.')\nX = conf('X')\n", "decouple"),
    ],
)
def test_required(source, library):
    reads = read(source)
    assert reads.are_required("X")
    assert reads.of("X")[0].library == library
    assert str(reads.at("X")).startswith("conf.py:")
    assert not reads.is_computed


@pytest.mark.parametrize(
    "source",
    [
        "import os\nX = os.environ.get('X')\n",
        "import os\nX = os.getenv('X', 'a')\n",
        "from os import getenv, path\nX = getenv('X')\n",
        "import os\nos.environ.setdefault('X', 'a')\nX = os.environ['X']\n",
        "import os\nX = 'X' in os.environ\n",
        "import os\nX = os.environ['X'] if DEBUG else 1\n",
        "import os\nX = DEBUG and os.environ['X']\n",
        "import os\nif DEBUG:\n    X = os.environ['X']\n",
        "import os\nif DEBUG:\n    pass\nelse:\n    X = os.environ['X']\n",
        "import os\ntry:\n    X = os.environ['X']\nexcept KeyError:\n    X = 1\n",
        "import os\ndef x():\n    return os.environ['X']\n",
        "import os\nX = lambda: os.environ['X']\n",
        "import os\nX = [os.environ['X'] for _ in ()]\n",
        "import os\nfor _ in ():\n    os.environ['X']\n",
        ENVIRON + "X = env('X', default=1)\n",
        ENVIRON + "X = env.bool('X', False)\n",
        ENVIRON + "X = env('X', **DEFAULTS)\n",
        ENVIRON + "X = env('X', 'a')\n",
        DECOUPLE + "X = config('X', default='')\n",
        "from .helpers import env\nX = env('X')\n",
        "from django_prodready.settings import env\nX = env.secret('X')\n",
        "import dj_database_url\nX = dj_database_url.config('X')\n",
        "from dj_database_url import config\nX = config(env='X')\n",
    ],
)
def test_not_required(source):
    reads = read(source)
    assert reads.names == {"X"}
    assert not reads.are_required("X")


def test_schema_of_django_environ_gives_a_default():
    reads = read(ENVIRON + "A = env('WITH')\nB = env('KIND')\n")
    assert not reads.are_required("WITH")
    assert reads.are_required("KIND")


def test_names_that_methods_have_of_their_own():
    reads = read(ENVIRON + "env.read_env()\nA = env.db()\nB = env.cache(default='')\n")
    assert reads.are_required("DATABASE_URL")
    assert not reads.are_required("CACHE_URL")
    assert read("import dj_database_url\nD = dj_database_url.config()\n").names == {"DATABASE_URL"}


@pytest.mark.parametrize(
    "source",
    [
        "import os\nX = os.environ[NAME]\n",
        "import os\nX = os.getenv(f'{A}_B')\n",
        "import os\nX = dict(os.environ)\n",
        "import os\nX = os.environ.items()\n",
        "from os import environ\nX = {**environ}\n",
        "import os\nX = os.environ.get()\n",
        "import os\nX = os.environ | {'a': NAME in B}\n",
        ENVIRONS + "with env.prefixed('A_'):\n    X = env('X')\n",
        "from pydantic_settings import BaseSettings\n",
        "import dynaconf\n",
        "from configurations import values\nX = values.SecretValue()\n",
    ],
)
def test_computed(source):
    assert read(source).is_computed


def test_prefix_changes_the_name():
    assert not read(ENVIRONS + "with env.prefixed('A_'):\n    X = env('X')\n").are_required("X")


def test_what_is_written_is_no_reading():
    reads = read("import os\nos.environ['X'] = 'a'\nY = {}['Z'] == 1\nA, B = print('a'), Y.z('b')\n")
    assert reads.all == ()
    assert not reads.is_computed


def test_readers_of_another_module():
    reads = read(
        "from base import *\nX = env('X')\n", **{"base.py": ENVIRON + "Y = env('Y')\nimport os.path\n"}
    )
    assert reads.are_required("X")
    assert reads.are_required("Y")
    assert str(reads.at("Y")) == "base.py:3"
    assert str(reads.at("Y_FILE")) == "base.py:3"
    assert reads.at("Z") is None


@pytest.mark.parametrize("source", ["X = (\n", ""])
def test_nothing_to_read(source):
    assert read(source).all == ()


def test_reads_are_in_their_order():
    reads = read("import os\nA = os.environ['A']\nB = os.environ['B']\n")
    assert [name.variable for name in reads.all] == ["A", "B"]
