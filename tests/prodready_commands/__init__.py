"""Management commands, run in this process."""

import io

from django.core.management import call_command


def run_command(name: str, *arguments: str, **options: object) -> tuple[object, str]:
    """Run it; return its exit code and what it printed."""
    out = io.StringIO()
    try:
        call_command(name, *arguments, stdout=out, **options)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()
