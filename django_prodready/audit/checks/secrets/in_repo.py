"""A token of a well-known service, or a private key, is in the repository.

What it checks
--------------
The text files that git tracks, for what only a secret looks like; where there is no git, those of the
project without `.env`, `*.pem` and what else a server has beside the code: keys of AWS, Stripe (live
ones), GitHub, GitLab, Slack, SendGrid and Google, and private keys. Tests, documentation, examples and
fixtures are left out, and so are keys that documentation made up. The report shows the beginning that
all tokens of the kind have, and the place, never more.

Why it matters
--------------
Programs look through every public repository for exactly these, and use them within minutes. A private
repository has forks, backups and former colleagues.

When it is wrong
----------------
When the token was revoked, or was made up without a sign of it. Keys of Google's maps are public where
the page uses them: restrict them to your site there. Put such a finding into the baseline.

How to fix
----------
Revoke the token at the service first, since it stays in the history. Then let the settings read the new
one from the environment.

Source
------
[GitHub: secret scanning patterns](https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns)
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Location, Need, NotRun, Severity, check
from django_prodready.audit.facts.files import read_bytes
from django_prodready.audit.facts.git_index import is_usually_ignored, tracked_files
from django_prodready.audit.facts.secret_tokens import tokens_in, will_be_searched

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

# In two pieces, so that whoever looks through this file finds nothing.
_STRIPE = "sk_" + "live_q8Wm2Xc7Vb4Nz9Lk1Jh6Gf3D"
_AWS = "AK" + "IAQ7WM2XC7VB4NZ5LK"
_KEY = "-----BEGIN " + "PRIVATE KEY-----\nMIIEvQq8Wm2Xc7Vb4Nz9Lk1Jh6Gf3Ds5Ap0Ytq8Wm2Xc7Vb4Nz9\n"
BAD = (
    Case(files={"shop/pay.py": f'KEY = "{_STRIPE}"\n'}),
    Case(files={"deploy/up.sh": f"export ID={_AWS}\n", "shop/keys.py": f'KEY = """{_KEY}"""'}, expect=2),
)
GOOD = (
    Case(files={"shop/pay.py": 'KEY = "sk_test_q8Wm2Xc7Vb4Nz9Lk1Jh6Gf3D"\n'}),
    Case(
        files={
            "tests/test_pay.py": f'KEY = "{_STRIPE}"\n',
            "docs/pay.md": _STRIPE,
            "certs/localhost.pem": _KEY,
        }
    ),
    Case(files={"shop/aws.py": 'ID = "AKIAIOSFODNN7EXAMPLE"\nKEY = "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx"\n'}),
    Case(files={"shop/pem.py": 'BEGIN = "-----BEGIN PRIVATE KEY-----"\nEND = "-----END PRIVATE KEY-----"\n'}),
)

# Of the two seconds that a check has: a disk that is slower than that is told of, and no failure.
_BUDGET_S = 1.4


@check(severity=Severity.ERROR, needs=(Need.FILES,))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each token."""
    started_s = time.perf_counter()
    paths = [path for path in facts.files.paths if will_be_searched(path)]
    tracked = tracked_files(facts.root)
    if tracked is None:
        paths = [path for path in paths if not is_usually_ignored(path)]
    else:
        paths = [path for path in paths if path in tracked.paths]
    for position, path in enumerate(paths):
        if time.perf_counter() - started_s > _BUDGET_S:
            raise NotRun(f"{position} of {len(paths)} files were searched within {_BUDGET_S:g} s")
        yield from _in_file(facts, path)


def _in_file(facts: Facts, path: str) -> Iterator[Finding]:
    for token in tokens_in(read_bytes(facts.root / path) or b"", path):
        shape = token.shape
        yield Finding(
            message=f"{path} holds {shape.what} ({shape.shown}): whoever has the repository can use it.",
            hint="Revoke it at the service, and let the settings read the new one from the environment.",
            subject=path,
            at=Location(path, token.line),
            identity=f"{path} {shape.shown}",
            severity=shape.severity,
        )
