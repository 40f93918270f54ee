import uuid

from django.db import models


def by_uuid(instance, name):
    return f"documents/{uuid.uuid4()}"


class Invoice(models.Model):
    file = models.FileField(upload_to=by_uuid)
    scan = models.FileField(upload_to="scans/%Y/%m")

    def __str__(self):
        return self.file.name
