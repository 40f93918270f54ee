"""The example project as its users run it: in processes of its own, steered by environment variables."""

import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import django_prodready

PROJECT = Path(__file__).parents[2] / "example_project"
TIMEOUT_S = 60
STEERING = (
    "ALLOWED_HOSTS",
    "AWS_",
    "CELERY_",
    "CLOUDFLARE",
    "CSP_",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL",
    "DJANGO_",
    "EMAIL_",
    "GIT_SHA",
    "HSTS_STAGE",
    "LOG_LEVEL",
    "MEDIA_ROOT",
    "PRODREADY_BUILD",
    "PROXY",
    "REDIS_URL",
    "SECRET_KEY",
    "SECURE_",
    "SQLITE_PATH",
    "STATIC_ROOT",
    "TRUSTED_PROXIES",
    "USE_S3",
)


def sound_environment() -> dict[str, str]:
    """Return what a careful operator sets, with servers at addresses where nobody listens."""
    return {
        "DJANGO_SETTINGS_MODULE": "librarysite.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "library.example, www.library.example",
        "CSRF_TRUSTED_ORIGINS": "https://library.example,https://www.library.example",
        "TRUSTED_PROXIES": "127.0.0.1",
        "DATABASE_URL": "postgresql://library:p%40ss%23word-of-some-length@127.0.0.1:1/library",
        "REDIS_URL": "redis://127.0.0.1:1",
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
        "EMAIL_HOST": "smtp.library.example",
        "DEFAULT_FROM_EMAIL": "desk@library.example",
    }


@dataclass
class Site:
    """The example project with an environment of its own."""

    environment: dict[str, str]
    folder: Path = PROJECT

    def variables(self) -> dict[str, str]:
        """Return a process's whole environment: ours, less what would steer the site, plus the site's."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(STEERING)}
        package = str(Path(django_prodready.__file__).parents[1])
        return inherited | {"PYTHONPATH": package} | self.environment

    def python(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run Python in the project's folder; fail with its output when it fails, unless told otherwise."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.variables(),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        if check and done.returncode:
            pytest.fail(f"{arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run manage.py with warnings as errors."""
        return self.python("-W", "error", "manage.py", *arguments, check=check)

    def shell(self, *lines: str) -> str:
        """Run Python lines inside the project and return what they print, without surrounding blanks."""
        # Not manage.py shell: what that imports and prints by itself differs between Django's versions.
        return self.python("-c", "\n".join(("import django", "django.setup()", *lines))).stdout.strip()


@pytest.fixture
def production() -> Site:
    """Production settings under a sound environment."""
    return Site(sound_environment())


@pytest.fixture
def demo(sqlite_path: str, tmp_path: Path) -> Site:
    """Production settings that need no server: SQLite and local memory, its database migrated."""
    environment = sound_environment() | {
        "SQLITE_PATH": sqlite_path,
        "STATIC_ROOT": str(tmp_path / "static"),
        # The log goes where the answers go.
        "LOG_LEVEL": "CRITICAL",
    }
    for server in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"):
        del environment[server]
    return Site(environment)


@pytest.fixture
def dev(sqlite_path: str) -> Site:
    """Development settings with a migrated SQLite database of this test's own."""
    return Site({"DJANGO_SETTINGS_MODULE": "librarysite.settings.dev", "SQLITE_PATH": sqlite_path})


@pytest.fixture
def sqlite_path(migrated_sqlite: Path, tmp_path: Path) -> str:
    """File of a copy of the migrated database."""
    return str(shutil.copy(migrated_sqlite, tmp_path / "library.sqlite3"))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """File of an SQLite database that `migrate` has made under the development settings."""
    path = tmp_path_factory.mktemp("library") / "migrated.sqlite3"
    site = Site({"DJANGO_SETTINGS_MODULE": "librarysite.settings.dev", "SQLITE_PATH": str(path)})
    site.manage("migrate", "--verbosity=0")
    return path
