"""Both."""

import socket

from django.apps import AppConfig


class Calling(AppConfig):
    name = "prodready_traced.calling"

    def ready(self) -> None:
        socket.create_connection(("flags.example.org", 443), timeout=5)


class Broken(AppConfig):
    name = "prodready_traced.calling"

    def ready(self) -> None:
        raise LookupError("no such app")
