"""Small apps with models and migrations, as files of a project under audit."""

from __future__ import annotations

MODELS = "from django.db import models\n\n\n"
SHELF = f"""{MODELS}class Shelf(models.Model):
    id = models.BigAutoField(primary_key=True)
    width = models.IntegerField()
"""
INITIAL = (
    'migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True, serialize=False)), '
    '("width", models.IntegerField())]),'
)


def migration(operations: str = "", *after: str, app: str = "shelves", body: str = "") -> str:
    """Write a migration's file that depends on others of its app."""
    depends = "".join(f'("{app}", "{name}"), ' for name in after)
    return (
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
        f"    dependencies = [{depends}]\n    {body}\n    operations = [\n        {operations}\n    ]\n"
    )


def app(models: str = SHELF, *, name: str = "shelves", **migrations: str) -> dict[str, str]:
    """Return the files of an app with these migrations, named ``m0001_x``; without any, it has no package."""
    files = {f"{name}/__init__.py": "", f"{name}/models.py": models}
    if migrations:
        files[f"{name}/migrations/__init__.py"] = ""
    return files | {f"{name}/migrations/{slug[1:]}.py": text for slug, text in migrations.items()}
