import pytest

from django_prodready.audit.facts.server_commands import server_names, unix_socket
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project


def ask(question, **files):
    with project(Case(files=files)) as facts:
        return question(facts)


SOCKET = "[Unit]\nDescription=gunicorn socket\n\n[Socket]\nListenStream=/run/gunicorn.sock\n"


@pytest.mark.parametrize("path", ["deploy/gunicorn.socket", "gunicorn.socket", "systemd/shop.socket"])
def test_a_socket_unit_of_systemd_s_has_the_server_on_a_unix_socket(path):
    assert ask(unix_socket, **{path: SOCKET}) == path


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("deploy/gunicorn.socket", SOCKET.replace("/run/gunicorn.sock", "8000")),
        ("deploy/gunicorn.socket", SOCKET.replace("/run/gunicorn.sock", "127.0.0.1:8000")),
        ("deploy/gunicorn.socket", SOCKET.replace("ListenStream", "#ListenStream")),
        ("docs/gunicorn.socket", SOCKET),
        ("deploy/gunicorn.socket.md", SOCKET),
    ],
    ids=range(5),
)
def test_other_sockets_are_not(path, text):
    assert ask(unix_socket, **{path: text}) is None


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ({}, set()),
        ({"Procfile": "web: gunicorn shop.wsgi\n"}, {"gunicorn"}),
        ({"Dockerfile": "RUN pip install granian uvicorn[standard]\n"}, {"granian", "uvicorn"}),
        ({"run.sh": "gunicorn -k uvicorn_worker.UvicornWorker shop.asgi\n"}, {"gunicorn", "uvicorn"}),
        ({"Procfile": "# web: gunicorn shop.wsgi\n"}, set()),
        ({"docs/Procfile": "web: gunicorn shop.wsgi\n"}, set()),
        ({"nginx.conf": "server gunicorns:80;\nserver www.uvicorn.example.org;\n"}, set()),
    ],
    ids=range(7),
)
def test_names_the_servers(files, names):
    assert ask(server_names, **files) == names
