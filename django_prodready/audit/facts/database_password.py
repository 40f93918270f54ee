"""The password that a connection is opened with, judged without a character of it being said."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit.facts.database_address import is_damaged
from django_prodready.audit.facts.database_host import Distance, distance_to
from django_prodready.audit.facts.libpq import Parameter, libpq_parameter
from django_prodready.audit.facts.secret_keys import SigningKey
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts.database import DatabaseServer

__all__ = ["DatabasePassword", "find_password"]

# What images and tutorials set, and who guesses passwords tries first.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
    admin administrator changeme cockroach database db default django dbpass dbpassword guest letmein mariadb
    mydatabase mypassword mysecretpassword mysql oracle pass passw passwd password pg pgpass pgpassword
    postgis postgres postgresql psql qwerty root rootpassword secret supersecret system test tester tiger toor
    user welcome
    """,
    )
)
# "your-db-password", "mysql-root-secret": the words of placeholders remain.
_OF_DATABASES = re.compile(
    r"admin|database|mariadb|mysql|passwd|pass(?!w)|pg|postgis|postgres(?:ql)?|root|user|db"
)
_TAIL = re.compile(r"[\W\d_]{1,5}$")  # "postgres123!"
_COUNTED = "01234567890"
# The password is a token that is made for each connection, or comes from a vault.
_TOKENS = re.compile(r"iam|azure|entra|vault|secretsmanager|aws", re.IGNORECASE)
_KINDS = (str.islower, str.isupper, str.isdigit)
# By the number of kinds of characters: about 64 bits, which no one tries out over a network.
_RANDOM_LENGTHS = {3: 12, 2: 16}
_RANDOM_CHANGES = 1 / 3  # of neighbours that are of two kinds: one in six in words with a number behind them


@dataclass(frozen=True, slots=True)
class DatabasePassword:
    """A password that stands in the settings or in PGPASSWORD."""

    server: DatabaseServer
    text: str
    key: str | None  # of the entry
    variable: str | None  # of the environment

    @property
    def subject(self) -> str:
        """Where it stands: "DATABASES['default']['PASSWORD']", "PGPASSWORD"."""
        if self.variable is not None:
            return self.variable
        return f"{self.server.setting}[{self.key!r}]"

    @property
    def at(self) -> Location | None:
        """Where the settings set it."""
        return self.server.origin(self.key) if self.key is not None else None

    @property
    def why_default(self) -> str | None:
        """Say, to complete "the password …", why anybody knows it; None when that is not seen."""
        text = self.text.lower()
        bare = _TAIL.sub("", text)
        for key, name in (("USER", "the name of its user"), ("NAME", "the name of its database")):
            own = str(self.server.entry[key] or "").lower()
            if own and own in (text, bare):
                return f"is {name}" if own == text else f"is {name} with little behind it"
        if not bare or bare in _COMMON or text in _COUNTED:
            return "is one of the first that anybody tries"
        if SigningKey("", _OF_DATABASES.sub("", text), None).is_placeholder:
            return "is the placeholder of an example"
        return None

    @property
    def is_random(self) -> bool:
        """Whether it is mixed enough that only its length is to be said of it."""
        kinds = [next((kind for kind in _KINDS if kind(character)), None) for character in self.text]
        changes = sum(first != second for first, second in itertools.pairwise(kinds))
        length = _RANDOM_LENGTHS.get(len({*kinds} - {None}))
        return length is not None and len(kinds) >= length and changes > len(kinds) * _RANDOM_CHANGES


def find_password(server: DatabaseServer) -> DatabasePassword | None:
    """Return the password of a connection; None when it has none, or the server asks for another thing.

    None for tokens and vaults, for what a URL that was cut leaves of one, and on a PostgreSQL server's
    socket, where the user of the process counts:
    https://www.postgresql.org/docs/current/auth-peer.html
    """
    if (
        _TOKENS.search(str(server.entry["ENGINE"]))
        or server.options.get("use_iam_auth")
        or is_damaged(server)
    ):
        return None
    if server.is_postgres:
        if distance_to(server) is Distance.SOCKET and not _is_cloud_sql(server):
            return None
        found = libpq_parameter(server, "password")
    else:
        found = Parameter(str(server.entry["PASSWORD"] or ""), key="PASSWORD")
    if not found.value or not isinstance(server.entry["PASSWORD"] or "", str):  # an object that asks a vault
        return None
    return DatabasePassword(server, found.value, found.key, found.variable)


def _is_cloud_sql(server: DatabaseServer) -> bool:
    """Whether the socket is that of Google's proxy, behind which the password is asked for."""
    return "/cloudsql/" in libpq_parameter(server, "host").value
