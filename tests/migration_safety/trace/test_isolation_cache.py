"""The cache in memory answers what django-redis would."""

from __future__ import annotations

from django_prodready.migration_safety.trace.isolation_cache import MemoryCache


def test_keys_are_found_and_deleted_by_pattern() -> None:
    cache = MemoryCache("test-isolation-cache", {"KEY_PREFIX": "shop"})
    cache.set_many({"page:1": 1, "page:2": 2, "user:1": 3})
    assert sorted(cache.keys("page:*")) == ["page:1", "page:2"]
    assert cache.delete_pattern("page:*", itersize=100) == 2
    assert list(cache.iter_keys("*")) == ["user:1"]
    with cache.lock("turn", timeout=5):
        cache.clear()
    assert cache.keys("*") == []
