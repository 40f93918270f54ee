"""The example project serves its pages on SQLite and on PostgreSQL, its cache in memory and on Redis."""

import uuid

ONE_LENT_BOOK = (
    "from django.contrib.auth import get_user_model",
    "from lending.models import Author, Book, Loan, Member",
    "book = Book.objects.create(shelf_mark='N 1', title='Middlemarch')",
    "book.authors.add(Author.objects.create(name='George Eliot'))",
    "reader = get_user_model().objects.create_user('dorothea', 'dorothea@library.example')",
    "Loan.objects.create(book=book, member=Member.objects.create(user=reader, card_number='1'))",
)
VISIT = (
    "from django.test import Client",
    "visitor = Client(headers={'host': 'library.example', 'x-forwarded-proto': 'https'})",
    "print(visitor.get('/').content.decode())",
    "print('by eliot:', 'Middlemarch' in visitor.get('/?q=eliot').content.decode())",
    "print('by austen:', 'Middlemarch' in visitor.get('/?q=austen').content.decode())",
    "print(visitor.get(f'/books/{book.pk}/').content.decode())",
    "visitor.force_login(reader)",
    "print(visitor.get('/my-loans/').content.decode())",
)


def test_the_pages_need_no_server(demo):
    demo.manage("collectstatic", "--noinput", "--verbosity=0")

    pages = demo.shell(*ONE_LENT_BOOK, *VISIT)

    assert "The library owns 1 book." in pages
    assert "by eliot: True" in pages
    assert "by austen: False" in pages
    assert "Shelf N 1: lent." in pages
    assert "George Eliot" in pages
    assert "Middlemarch</a>, until" in pages
    assert "lending/library." in pages


def test_probes_are_answered_without_host_and_https(demo):
    answer = demo.shell(
        "from django.test import Client",
        "answer = Client(headers={'host': '10.0.0.7:8000'}).get('/health/')",
        "print(answer.status_code, answer.json()['status'])",
        "print(Client(headers={'host': 'library.example'}).get('/')['location'])",
    )

    assert answer.splitlines() == ["200 healthy", "https://library.example/"]


def test_no_reminder_is_sent_without_a_broker(demo):
    answer = demo.shell("from lending.notices import request_reminder", "print(request_reminder(1))")

    assert answer == "False"


def test_a_broker_out_of_reach_loses_the_reminder_and_not_the_request(demo):
    demo.environment["CELERY_BROKER_URL"] = "redis://127.0.0.1:1/0"

    answer = demo.shell("from lending.notices import request_reminder", "print(request_reminder(1))")

    assert answer == "False"


def test_models_and_migrations_agree(dev):
    dev.manage("makemigrations", "--check", "--dry-run")


def test_the_schema_and_the_pages_work_on_postgresql(demo, postgres_database):
    demo.environment["DATABASE_URL"] = postgres_database

    demo.manage("migrate", "--verbosity=0")
    demo.manage("migrate", "--check")
    demo.manage("collectstatic", "--noinput", "--verbosity=0")
    pages = demo.shell(
        *ONE_LENT_BOOK,
        "from django.db import IntegrityError, connection",
        "try:",
        "    Loan.objects.create(book=book, member=reader.member)",
        "except IntegrityError:",
        "    print(f'one open loan per book on {connection.vendor}')",
        *VISIT,
    )

    assert "one open loan per book on postgresql" in pages
    assert "Shelf N 1: lent." in pages


def test_processes_share_the_cache_on_redis(demo, redis_url):
    demo.environment["REDIS_URL"] = redis_url
    key = f"test-{uuid.uuid4().hex}"

    demo.shell("from django.core.cache import cache", f"cache.set({key!r}, 'shared', 60)")
    seen = demo.shell(
        "from django.core.cache import cache",
        f"print(cache.get({key!r}), cache.delete({key!r}), cache.get({key!r}))",
    )

    assert seen == "shared True None"


def test_clients_are_named_where_somebody_is_trusted(demo):
    told = """
from django.http import HttpResponse
from django.test import RequestFactory
from django.core.handlers.wsgi import WSGIHandler
handler, seen = WSGIHandler(), []
handler.load_middleware()
handler._view_middleware.insert(0, lambda request, *rest: seen.append(request) or HttpResponse())
headers = {"host": "library.example", "x-forwarded-proto": "https", "cf-connecting-ip": "203.0.113.9"}
for chain in ("203.0.113.9", "203.0.113.9, 173.245.48.5"):
    asked = RequestFactory(REMOTE_ADDR="10.0.1.5").get("/", headers=headers | {"x-forwarded-for": chain})
    handler.get_response(asked)
print(*[request.META["REMOTE_ADDR"] for request in seen])
"""
    # What a peer says that is nobody's proxy is not heard: its plain HTTP is redirected before any view.
    assert demo.shell(told) == ""

    demo.environment["TRUSTED_PROXIES"] = "10.0.1.5"
    assert demo.shell(told) == "203.0.113.9 173.245.48.5"

    demo.environment["PROXY"] = "cloudflare+traefik"
    assert demo.shell(told) == "203.0.113.9 203.0.113.9"
