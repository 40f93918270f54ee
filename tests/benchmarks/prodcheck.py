"""How long prodcheck takes, as a ratio to ``check --deploy`` of the same project without the package.

Both judge a copy of the example project under its production settings, in turns; what counts is
the median. ``import django_prodready`` is measured the same way, against a start of Python alone.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parents[2] / "example_project"
TURNS = 10
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "librarysite.settings.production",
    "SECRET_KEY": "8scHj4CVAVVwdswtsdo9ncVwSEYbC6PZ0kCxW0snB6qMNgODBZNvinr57gsP1aXn",
    "ALLOWED_HOSTS": "library.example",
    "CSRF_TRUSTED_ORIGINS": "https://library.example",
    "TRUSTED_PROXIES": "10.0.1.5",
    "EMAIL_HOST": "smtp.library.example",
    "DEFAULT_FROM_EMAIL": "desk@library.example",
}
# The production settings of somebody without the package.
BY_HAND = """
import os
from librarysite.settings.base import *

DEBUG = False
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 31_536_000
MIDDLEWARE.insert(1, "whitenoise.middleware.WhiteNoiseMiddleware")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
"""


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        with_package = Path(folder) / "with"
        without = Path(folder) / "without"
        shutil.copytree(PROJECT, with_package)
        shutil.copytree(PROJECT, without)
        remove_package(without)
        report(
            "manage.py prodcheck / manage.py check --deploy without the package",
            [sys.executable, "manage.py", "prodcheck"],
            with_package,
            [sys.executable, "manage.py", "check", "--deploy"],
            without,
        )
        report(
            "python -c 'import django_prodready' / python -c pass",
            [sys.executable, "-c", "import django_prodready"],
            with_package,
            [sys.executable, "-c", "pass"],
            without,
        )


def remove_package(project: Path) -> None:
    """Take the app and its mixins out of the project's settings."""
    (project / "librarysite" / "settings" / "production.py").write_text(BY_HAND)
    base = project / "librarysite" / "settings" / "base.py"
    lines = base.read_text().splitlines(keepends=True)
    base.write_text("".join(line for line in lines if '"django_prodready' not in line))


def report(title: str, measured: list[str], its_folder: Path, against: list[str], other_folder: Path) -> None:
    """Run both in turns and print the ratio of the medians."""
    run(measured, its_folder)
    run(against, other_folder)
    pairs = [(run(measured, its_folder), run(against, other_folder)) for _ in range(TURNS)]
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"{title}: {ours / theirs:.2f} ({ours * 1000:.1f} ms / {theirs * 1000:.1f} ms)")


def run(command: list[str], folder: Path) -> float:
    """Run a command that must succeed and return the seconds it took."""
    started_s = time.perf_counter()
    subprocess.run(command, cwd=folder, env=os.environ | ENVIRONMENT, check=True, capture_output=True)
    return time.perf_counter() - started_s


if __name__ == "__main__":
    main()
