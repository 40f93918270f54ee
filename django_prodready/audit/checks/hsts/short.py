"""The HSTS header is so short-lived that browsers forget it between visits.

What it checks
--------------
`SECURE_HSTS_SECONDS` is more than 0 and less than 15768000 (half a year).

Why it matters
--------------
Browsers keep to HTTPS for as long as the header says, counted from the last visit. Whoever comes back
later starts with a plain HTTP request again, which the network can catch. Graders such as MDN's HTTP
Observatory take points off below half a year.

When it is wrong
----------------
You are raising the time in steps, as one should. The finding then reminds you of the next step. With the
settings mixins the stage is declared by `HSTS_STAGE`, and nothing is reported; nor where the proxy sends
the header.

How to fix
----------
Once a step has held for its own length without a complaint, take the next: 3600, 86400, 2592000, 31536000.

Source
------
[SECURE_HSTS_SECONDS](https://docs.djangoproject.com/en/stable/ref/settings/#secure-hsts-seconds),
[HTTP Observatory](https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.response_headers_hsts import LONG_S, hsts_seconds, is_staged

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_STEPS_S = (3600, 86_400, 2_592_000, 31_536_000)  # an hour, a day, 30 days, a year

BAD = (Case(settings={"SECURE_HSTS_SECONDS": 60}), Case(settings={"SECURE_HSTS_SECONDS": 2_592_000}))
GOOD = (
    Case(settings={"SECURE_HSTS_SECONDS": 31_536_000}),
    Case(settings={"SECURE_HSTS_SECONDS": LONG_S}),
    Case(settings={"SECURE_HSTS_SECONDS": 0}),
    Case(settings={"SECURE_HSTS_SECONDS": 3600, "HSTS_STAGE": "hour"}),
    Case(settings={"SECURE_HSTS_SECONDS": 3600, "PRODREADY": {"FACTS": {"hsts": "proxy"}}}),
)


@check(severity=Severity.INFO, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when the header lasts for less than half a year and no stage is declared."""
    seconds = hsts_seconds(facts)
    if seconds >= LONG_S:
        return
    if is_staged(facts):
        raise NotApplicable("a stage of the roll-out is declared (HSTS_STAGE)")
    step = next(each for each in _STEPS_S if each > seconds)
    yield Finding(
        message=(
            f"SECURE_HSTS_SECONDS is {seconds}: browsers forget {_in_words(seconds)} after a visit "
            "that the site is to be reached by HTTPS only."
        ),
        hint=f"Set SECURE_HSTS_SECONDS = {step} once the present value has held without a complaint.",
        subject="SECURE_HSTS_SECONDS",
        at=facts.origin("SECURE_HSTS_SECONDS"),
    )


def _in_words(seconds: int) -> str:
    for size, unit in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"
