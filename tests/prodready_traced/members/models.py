"""Users, as AUTH_USER_MODEL asks for."""

from typing import ClassVar

from django.db import models


class Member(models.Model):  # noqa: DJ008 - nobody reads it
    name = models.CharField(max_length=50, unique=True)

    USERNAME_FIELD = "name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_anonymous = False
    is_authenticated = True

    class Meta:
        swappable = "AUTH_USER_MODEL"
