"""What platforms ask: is the process up, and may it have traffic."""

import logging

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

logger = logging.getLogger(__name__)


@require_GET
@never_cache
def health_check(request):
    return JsonResponse({"status": "healthy", "version": getattr(settings, "VERSION", "unknown")})


@require_GET
@never_cache
def readiness_check(request):
    checks = {"database": check_database(), "cache": check_cache()}
    ready = all(checks.values())
    return JsonResponse(
        {"status": "ready" if ready else "not_ready", "checks": checks}, status=200 if ready else 503
    )


@require_GET
@never_cache
def monitored_health_check(request):
    expected = getattr(settings, "HEALTH_CHECK_SECRET", None)
    if expected and request.GET.get("secret") != expected:
        return JsonResponse({"error": "Unauthorized"}, status=401)
    return readiness_check(request)


def check_database():
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone()[0] == 1
    except Exception as e:
        logger.error(f"The database did not answer: {e}")
        return False


def check_cache():
    try:
        cache.set("health_check", "ok", timeout=10)
        result = cache.get("health_check")
        cache.delete("health_check")
        return result == "ok"
    except Exception as e:
        logger.error(f"The cache did not answer: {e}")
        return False
