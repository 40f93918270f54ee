"""A process that traces without an end: prints the database and the process, and waits to be ended."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "testproject.settings"
django.setup()

from django_prodready.migration_safety.trace import client, scratch  # noqa: E402
from django_prodready.migration_safety.trace.protocol import Job  # noqa: E402

job = Job(settings_module="testproject.settings", alias="default", call="prodready_traced.calls.hang")
with scratch.created(scratch.from_url(os.environ["TRACED_SCRATCH"]), tell=print) as database:
    for message in client.run(job, database):
        sys.stdout.write(f"{database.name} {message['pid']}\n")
        sys.stdout.flush()
