"""Tables that migrate makes before all migrations."""

from django.conf import settings
from django.db import models


class Setting(models.Model):  # noqa: DJ008 - nobody reads it
    name = models.CharField(max_length=20, unique=True)

    class Meta:
        app_label = "plain"


class Choice(models.Model):  # noqa: DJ008 - nobody reads it
    setting = models.ForeignKey(Setting, models.CASCADE)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)  # comes later than this table

    class Meta:
        app_label = "plain"


class Told(models.Model):  # noqa: DJ008 - nobody reads it
    class Meta:
        app_label = "plain"
        managed = False
