"""The site's addresses: the catalogue at the root, the librarians' desk under admin/."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("lending.urls")),
    # Empty unless DEBUG is on: in production the storage or the web server serves the covers.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
