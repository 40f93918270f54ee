"""Browsers keep files that WhiteNoise serves without a hash for longer than a day.

What it checks
--------------
`WHITENOISE_MAX_AGE` above 86400 seconds, with WhiteNoise's middleware in use.

Why it matters
--------------
The setting is for files *without* a hash in their name: the originals below `STATIC_URL`, and
`robots.txt`, icons or a frontend's `index.html` from `WHITENOISE_ROOT`. Whoever fetched one has that
version for the whole time, and no deploy can take it back. Files with a hash never needed the
setting: WhiteNoise gives them ten years and `immutable` by itself.

When it is wrong
----------------
When the files without a hash never change, or change their names when they do. Then tell WhiteNoise how
their names look, `WHITENOISE_IMMUTABLE_FILE_TEST`, and leave the age alone.

How to fix
----------
Remove `WHITENOISE_MAX_AGE` (the default is 60 seconds), or set at most a day.

Source
------
[WHITENOISE_MAX_AGE](https://whitenoise.readthedocs.io/en/stable/django.html#WHITENOISE_MAX_AGE)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_MIDDLEWARE = "whitenoise.middleware.WhiteNoiseMiddleware"
_DAY_S = 86_400

BAD = (Case(settings={"MIDDLEWARE": [_MIDDLEWARE], "WHITENOISE_MAX_AGE": 31_536_000}),)
GOOD = (
    Case(settings={"MIDDLEWARE": [_MIDDLEWARE], "WHITENOISE_MAX_AGE": _DAY_S}),
    Case(settings={"MIDDLEWARE": [_MIDDLEWARE]}),
    Case(settings={"WHITENOISE_MAX_AGE": 31_536_000}),
)


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when files without a hash are kept for more than a day."""
    if facts.middleware.find(_MIDDLEWARE) is None:
        raise NotApplicable("WhiteNoise's middleware is not in use")
    age_s = _seconds(getattr(facts.settings, "WHITENOISE_MAX_AGE", None))
    if age_s > _DAY_S:
        yield Finding(
            message=f"WHITENOISE_MAX_AGE = {age_s} lets browsers keep files without a hash in their name"
            f" for {_shown(age_s)}; hashed ones have ten years without it.",
            hint=f"Remove WHITENOISE_MAX_AGE, or set it to at most {_DAY_S}.",
            subject="WHITENOISE_MAX_AGE",
            at=facts.origin("WHITENOISE_MAX_AGE"),
        )


def _seconds(value: object) -> int:
    """The age that the header gets, into which WhiteNoise writes the value as it is; 0 for none."""
    text = str(value).partition(".")[0]
    return int(text) if text.isdecimal() else 0


def _shown(age_s: int) -> str:
    days = age_s // _DAY_S
    return "more than a day" if days == 1 else f"{days} days"
