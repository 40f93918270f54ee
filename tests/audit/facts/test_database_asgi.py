import pytest

from django_prodready.audit.facts.database_asgi import seen_asgi_server
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project


def seen(files, environ=None):
    with project(Case(files=files, environ=environ or {})) as facts:
        return seen_asgi_server(facts)


@pytest.mark.parametrize(
    ("files", "server"),
    [
        ({"Procfile": "web: uvicorn shop.asgi:application --port $PORT\n"}, "uvicorn in Procfile"),
        ({"Procfile": "web: daphne -b 0.0.0.0 shop.asgi:application\n"}, "daphne in Procfile"),
        ({"Dockerfile": 'CMD ["daphne", "shop.asgi:application"]\n'}, "daphne in Dockerfile"),
        (
            {"start": "exec hypercorn \\\n  --bind 0.0.0.0 \\\n  shop.asgi:application\n"},
            "hypercorn in start",
        ),
        ({"Procfile": "web: gunicorn shop.asgi -k uvicorn_worker.UvicornWorker\n"}, "gunicorn in Procfile"),
        ({"Procfile": "web: gunicorn -k asgi shop.asgi:application\n"}, "gunicorn in Procfile"),
        ({"Procfile": "web: granian --interface asgi shop.asgi:application\n"}, "granian in Procfile"),
        ({"Procfile": "web: granian --interface asginl shop.asgi:app\n"}, "granian in Procfile"),
        ({"Dockerfile": "ENV GRANIAN_INTERFACE=asgi\nCMD granian shop.asgi:app\n"}, "granian in Dockerfile"),
        (
            {
                "Procfile": "web: gunicorn shop.app\n",
                "gunicorn.conf.py": 'worker_class = "uvicorn.workers.UvicornWorker"\n',
            },
            "gunicorn in Procfile",
        ),
        (
            {
                "Procfile": "web: uvicorn shop.asgi:app\n",
                "compose.override.yml": "command: gunicorn shop.wsgi\n",
            },
            "uvicorn in Procfile",
        ),
    ],
)
def test_sees(files, server):
    assert seen(files) == server


def test_sees_the_worker_of_the_environment():
    environ = {"GUNICORN_CMD_ARGS": "-k uvicorn_worker.UvicornWorker"}
    assert seen({"Procfile": "web: gunicorn shop.app\n"}, environ) == "gunicorn in Procfile"


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"shop/asgi.py": "application = get_asgi_application()\n"},
        {"requirements.txt": "uvicorn\ndaphne\n"},
        {"Dockerfile": "RUN pip install uvicorn\nRUN pip install daphne asgiref\n"},
        {"Dockerfile": "RUN pip install daphne && echo asgi\n"},
        {"Procfile": "web: gunicorn shop.wsgi\n"},
        {"Procfile": "web: gunicorn shop.wsgi\nsocket: daphne shop.asgi:application\n"},
        {"Procfile": "web: uvicorn --interface wsgi shop.wsgi:application\n"},
        {"Procfile": "web: granian --interface wsgi shop.wsgi:application\n"},
        {"Procfile": "web: granian shop.main:app\n"},
        {"Procfile": "web: granian --interface rsgi shop.main:app\n"},
        {"uwsgi.conf": "exec uwsgi --module shop.wsgi\n", "Procfile": "socket: uvicorn shop.asgi:app\n"},
        {"start": "uvicorn shop.asgi:application --reload\n"},
        {"Dockerfile.dev": "CMD uvicorn shop.asgi:application\n"},
        {"Makefile": "serve:\n\tuvicorn shop.asgi:application\n"},
    ],
)
def test_sees_none(files):
    assert seen(files) is None
