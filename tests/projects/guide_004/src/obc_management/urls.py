from common.views.health import health_check, readiness_check
from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("health/", health_check, name="health"),
    path("ready/", readiness_check, name="readiness"),
    path("admin/", admin.site.urls),
]
