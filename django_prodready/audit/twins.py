"""Django's own system checks where they report what ours do: which fire, and which are silenced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.core.checks.registry import registry

from django_prodready.audit.model import Check


def system_check_id(check: Check) -> str:
    """The id under which ``manage.py check --deploy`` shows the check."""
    return f"prodready.{check.name}"


def silenced(checks: Iterable[Check]) -> dict[str, str]:
    """The names of checks that ``SILENCED_SYSTEM_CHECKS`` silences, each with the id that does it.

    Silencing Django's id silences ours too.
    """
    ids = set(settings.SILENCED_SYSTEM_CHECKS or ())
    found: dict[str, str] = {}
    for check in checks:
        matched = [name for name in (system_check_id(check), *check.django_ids) if name in ids]
        if matched:
            found[check.name] = matched[0]
    return found


def silence_twins(checks: Mapping[str, Check]) -> None:
    """Make silencing one id of a problem, ours or Django's, silence the other too.

    Only to be called in a process that runs system checks: it extends the setting.
    """
    ids = list(settings.SILENCED_SYSTEM_CHECKS)
    problems = [(system_check_id(check), *check.django_ids) for check in checks.values()]
    more = {name for problem in problems if set(problem) & set(ids) for name in problem} - set(ids)
    if more:
        settings.SILENCED_SYSTEM_CHECKS = [*ids, *sorted(more)]


def fired(checks: Iterable[Check]) -> frozenset[str]:
    """The ids of Django's own checks that report something now, among the twins of ``checks``.

    Runs only functions of Django's that need no database.
    """
    wanted = {django_id for check in checks for django_id in check.django_ids}
    if not wanted:
        return frozenset()
    functions = [
        function
        for function in registry.get_checks(include_deployment_checks=True)
        if function.__module__.startswith("django.core.checks.")
        and not {"database", "urls"} & set(function.tags)
    ]
    messages = [message for function in functions for message in function(app_configs=None, databases=[])]
    return frozenset(message.id for message in messages if message.id in wanted)
