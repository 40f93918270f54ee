import uuid

from django.core.files.storage import InMemoryStorage
from django.db import models
from django.utils.deconstruct import deconstructible


def by_uuid(instance, name):
    return f"documents/{uuid.uuid4()}"


@deconstructible
class InFolderOfRow:
    def __call__(self, instance, name):
        return f"{instance.pk}/{name}"


class TokenField(models.FileField):
    def generate_filename(self, instance, filename):
        return f"{instance.token}/{filename}"


class Document(models.Model):
    title = models.CharField(max_length=50)
    file = models.FileField(upload_to=by_uuid)
    scan = models.FileField(upload_to=InFolderOfRow())
    receipt = TokenField()
    elsewhere = models.FileField(upload_to="exports", storage=InMemoryStorage())

    def __str__(self):
        return self.title
