"""Sessions, PermissionsPolicy and Tasks."""

import pytest
from django.conf import global_settings

from django_prodready.settings import PermissionsPolicy, Sessions, Tasks
from django_prodready.settings.middleware_order import PERMISSIONS_POLICY, SECURITY

APPS = ["django.contrib.sessions"]
LOCAL = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
IMMEDIATE = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
SHARED = {"default": {"BACKEND": "django_redis.cache.RedisCache"}}


class TestSessions:
    @pytest.mark.parametrize(
        ("module", "engine"),
        [
            ({}, "db"),
            ({"CACHES": LOCAL}, "db"),
            ({"CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}}, "db"),
            ({"CACHES": SHARED}, "cached_db"),
            ({"CACHES": LOCAL | {"s": SHARED["default"]}, "SESSION_CACHE_ALIAS": "s"}, "cached_db"),
            ({"CACHES": {}}, "db"),
        ],
    )
    def test_the_cache_is_used_where_processes_share_it(self, applied, module, engine):
        found = applied(Sessions, module={"INSTALLED_APPS": APPS, **module})

        assert found["SESSION_ENGINE"] == f"django.contrib.sessions.backends.{engine}"

    def test_the_project_s_own_choice_stays(self, applied):
        found = applied(Sessions, module={"INSTALLED_APPS": APPS, "CACHES": SHARED, "SESSION_ENGINE": "x"})

        assert found["SESSION_ENGINE"] == "x"

    def test_without_sessions_there_is_none(self, applied):
        assert "SESSION_ENGINE" not in applied(Sessions, module={"CACHES": SHARED})

    def test_the_order_of_mixins_does_not_matter(self, applied):
        class Cached(Sessions):
            def transform(self, draft):
                draft.set("CACHES", SHARED)

        assert applied(Cached, module={"INSTALLED_APPS": APPS})["SESSION_ENGINE"].endswith(".cached_db")


class TestPermissionsPolicy:
    def test_nothing_is_allowed_that_few_sites_use(self, applied):
        found = applied(PermissionsPolicy, module={"MIDDLEWARE": [SECURITY]})

        assert found["MIDDLEWARE"] == [SECURITY, PERMISSIONS_POLICY]
        assert found["PERMISSIONS_POLICY"]["camera"] == []

    def test_the_class_s_own_policy_holds(self, applied):
        policy = {"camera": ["self"]}

        found = applied(PermissionsPolicy, module={"MIDDLEWARE": [SECURITY]}, PERMISSIONS_POLICY=policy)

        assert found["PERMISSIONS_POLICY"] == policy

    def test_another_package_s_middleware_reads_the_same_setting(self, applied):
        entries = [SECURITY, "django_permissions_policy.PermissionsPolicyMiddleware"]

        assert applied(PermissionsPolicy, module={"MIDDLEWARE": entries})["MIDDLEWARE"] == entries


class TestTasks:
    @pytest.fixture(autouse=True)
    def knows_tasks(self, monkeypatch):
        monkeypatch.setattr(global_settings, "TASKS", IMMEDIATE, raising=False)

    @pytest.mark.parametrize(
        ("module", "what"),
        [
            ({}, "runs every task within the request that enqueues it"),
            (
                {"TASKS": {"mail": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}},
                "never runs a task",
            ),
        ],
    )
    def test_backends_for_development_are_refused(self, problems, module, what):
        [(name, rule)] = problems(Tasks, module=module)

        assert name == "TASKS"
        assert what in rule

    def test_a_backend_with_a_worker_is_fine(self, applied):
        tasks = {"default": {"BACKEND": "django_tasks.backends.database.DatabaseBackend"}, "other": {}}

        assert applied(Tasks, module={"TASKS": tasks})["TASKS"] == tasks

    def test_whoever_means_it_says_so(self, applied):
        assert "TASKS" not in applied(Tasks, TASKS_IN_REQUESTS=True)

    def test_a_django_without_tasks_has_nothing_to_refuse(self, applied, monkeypatch):
        monkeypatch.delattr(global_settings, "TASKS")

        assert "TASKS" not in applied(Tasks)
