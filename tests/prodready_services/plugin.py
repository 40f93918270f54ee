"""Fixtures that give each test session (each worker of pytest-xdist) its services."""

import os
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest

from prodready_services import postgres, rabbitmq, redis
from prodready_services.errors import MissingServiceError, ServiceFailedError
from prodready_services.missing import do_without

CONNECT_TIMEOUT_S = 5
DEFAULT_PORTS = {
    "postgres": 5432,
    "postgresql": 5432,
    "redis": 6379,
    "rediss": 6379,
    "amqp": 5672,
    "amqps": 5671,
}


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of a PostgreSQL database whose user may create others; see `postgres_database`."""
    yield from provide("PRODREADY_TEST_POSTGRES_URL", postgres.serve)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Address of a Redis server; one that the tests start has no database number."""
    yield from provide("PRODREADY_TEST_REDIS_URL", redis.serve)


@pytest.fixture(scope="session")
def rabbitmq_url() -> Iterator[str]:
    """Address of a RabbitMQ virtual host."""
    yield from provide("PRODREADY_TEST_RABBITMQ_URL", rabbitmq.serve)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """Address of an empty PostgreSQL database that only this test has."""
    import psycopg

    name = f"prodready_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlsplit(postgres_url)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def provide(variable: str, serve: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """Yield the address in the environment, else that of a server started here, or do without."""
    address = os.environ.get(variable)
    if address:
        require_listener(variable, address)
        yield address
        return
    try:
        with started(serve) as own:
            yield own
    except MissingServiceError as missing:
        do_without(f"{missing} Or set {variable}.")


@contextmanager
def started(serve: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """Start the server, a second time if need be: its port was free when chosen, and may be taken since."""
    with ExitStack() as stack:
        try:
            address = stack.enter_context(serve())
        except ServiceFailedError:
            address = stack.enter_context(serve())
        yield address


def require_listener(variable: str, address: str) -> None:
    """Fail with the variable's name, not its value, when nobody listens at the address."""
    parts = urlsplit(address)
    port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    if not parts.hostname or port is None:
        return
    try:
        socket.create_connection((parts.hostname, port), timeout=CONNECT_TIMEOUT_S).close()
    except OSError as error:
        pytest.fail(f"{variable} is set, but {parts.hostname}:{port} does not answer: {error}", pytrace=False)
