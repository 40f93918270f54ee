"""The example project's class has the same values beside django-configurations as in its plain module."""

import json

CONFIGURED = """
from configurations import Configuration
from librarysite.settings import base, production


class Site(production.Settings, type("Base", (Configuration,), {
    name: value for name, value in vars(base).items() if name.isupper()
})):
    PRODREADY = base.PRODREADY
"""
LIST = """
import {package}
{package}.setup()
from django.core.management import call_command
call_command("prodsettings", "--format", "json")
"""


def values(printed):
    """Value by name, but for what names the module itself."""
    settings = json.loads(printed)["settings"]
    return {
        name: about["value"]
        for name, about in settings.items()
        if name not in ("SETTINGS_MODULE", "CONFIGURATION")
    }


def test_prodsettings_lists_equal_values(production, tmp_path):
    plain = production.python("-c", LIST.format(package="django"))

    (tmp_path / "configured.py").write_text(CONFIGURED)
    production.environment |= {
        "PYTHONPATH": f"{production.variables()['PYTHONPATH']}:{tmp_path}",
        "DJANGO_SETTINGS_MODULE": "configured",
        "DJANGO_CONFIGURATION": "Site",
    }
    configured = production.python("-c", LIST.format(package="configurations"))

    assert values(configured.stdout) == values(plain.stdout)
    assert len(values(plain.stdout)) > 150
