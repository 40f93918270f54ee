"""Use the built wheel as its first user would: a new venv, a new project, the command, its exit codes.

``python use_wheel.py DIST_DIR``, where DIST_DIR holds one wheel and one sdist. Needs no checkout, and
runs in a temporary folder, so that nothing but the wheel can be imported.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import venv
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

PACKAGE = "django_prodready"
SDIST_ALSO = (
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "tox.ini",
    "pyproject.toml",
    "tests/testproject/settings.py",
)


def main(dist: Path) -> None:
    """Raise AssertionError when the distribution is not fit to publish."""
    (wheel,) = dist.glob("*.whl")
    (sdist,) = dist.glob("*.tar.gz")
    expect_same_package(wheel, sdist)
    with tempfile.TemporaryDirectory(prefix="prodready-wheel-") as folder:
        use(wheel, Path(folder))
    print(f"{wheel.name} works in a project of its own.")


def expect_same_package(wheel: Path, sdist: Path) -> None:
    """Compare the package inside both files, and ask for what must be there."""
    with tarfile.open(sdist) as archive:
        in_sdist = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
    in_wheel = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith(f"{PACKAGE}/")}
    expect(
        in_wheel == {name for name in in_sdist if name.startswith(f"{PACKAGE}/")}, "wheel and sdist differ"
    )
    expect(f"{PACKAGE}/py.typed" in in_wheel, "py.typed is not in the wheel")
    missing = [name for name in SDIST_ALSO if name not in in_sdist]
    expect(not missing, f"not in the sdist: {missing}")


def use(wheel: Path, folder: Path) -> None:
    """Install the wheel into a venv in ``folder``, start a project there and judge it."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    run([python, "-m", "pip", "install", "--quiet", str(wheel)], folder)
    run([python, "-m", "django", "startproject", "site_of_mine", "."], folder)
    settings = folder / "site_of_mine" / "settings.py"
    settings.write_text(settings.read_text() + f'\nINSTALLED_APPS += ["{PACKAGE}"]\n')

    where = run([python, "-c", f"import {PACKAGE}; print({PACKAGE}.__file__)"], folder).stdout.strip()
    expect(Path(where).is_relative_to(folder.resolve() / "venv"), f"imported from {where}")

    prodcheck = [python, "manage.py", "prodcheck"]
    text = run(prodcheck, folder, exit_code=1).stdout
    expect("settings.debug" in text, "a new project has DEBUG = True, and the report does not say so")
    report = json.loads(run([*prodcheck, "--format", "json"], folder, exit_code=1).stdout)
    expect(report["schema"] == 1, "the JSON report is not of schema 1")
    expect(report["summary"]["checks"]["crashed"] == 0, "a check crashed")
    run([*prodcheck, "--fail-level", "never"], folder, exit_code=0)
    run([*prodcheck, "--only", "no-such-family"], folder, exit_code=2)
    listed = run([*prodcheck, "--list", "--format", "json"], folder).stdout
    expect(len(json.loads(listed)) == len(report["results"]), "--list and the report differ in number")

    run([python, "-m", PACKAGE, "check", "--settings", "site_of_mine.settings"], folder, exit_code=1)
    run([python.with_name("prodready"), "check", "--settings", "no.such.settings"], folder, exit_code=2)
    run([python, "manage.py", "check"], folder)
    ask_health(python, folder, settings)
    name_clients(python, folder, settings)
    judge_migrations(python, folder, settings)
    harden(python, folder)


def ask_health(python: Path, folder: Path, settings: Path) -> None:
    """Mount the endpoints, and ask for them before and after the database is there."""
    middleware = f"{PACKAGE}.middleware.HealthMiddleware"
    settings.write_text(f'{settings.read_text()}\nMIDDLEWARE.insert(0, "{middleware}")\n')
    run([python, "manage.py", "prodhealth"], folder, exit_code=1)
    run([python, "manage.py", "migrate", "--verbosity", "0"], folder)
    state = json.loads(run([python, "manage.py", "prodhealth", "--format", "json"], folder).stdout)
    expect(state["checks"] == {"database": True}, f"unexpected readiness: {state}")
    with serving(python, folder) as address:
        for path in ("health", "ready", "startup"):
            run([python, "-m", f"{PACKAGE}.probe", "http", f"{address}/{path}/"], folder)
        run([python, "-m", f"{PACKAGE}.probe", "http", f"{address}/nothing-here/"], folder, exit_code=1)


MIGRATION = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [{after}]
    operations = [
        {operation},
    ]
"""
ID = '("id", models.BigAutoField(primary_key=True))'
CREATE = f'migrations.CreateModel("Book", [{ID}, ("title", models.TextField())])'
INDEX = 'migrations.AddIndex("book", models.Index(fields=["title"], name="book_title"))'


def judge_migrations(python: Path, folder: Path, settings: Path) -> None:
    """Write an app with migrations, safe ones and one that is not; judge them, and accept what was found."""
    migrations = folder / "shop" / "migrations"
    migrations.mkdir(parents=True)
    (migrations / "__init__.py").touch()
    settings.write_text(f'{settings.read_text()}\nINSTALLED_APPS += ["shop"]\n')
    (migrations / "0001_initial.py").write_text(MIGRATION.format(after="", operation=CREATE))
    lint = [python, "manage.py", "prodmigrate", "--lint"]
    told = run(lint, folder).stdout
    expect("SAFE     shop.0001_initial" in told, f"a new table is not called safe:\n{told}")
    run([python, "manage.py", "migrate", "--verbosity", "0"], folder)
    (migrations / "0002_title.py").write_text(
        MIGRATION.format(after='("shop", "0001_initial")', operation=INDEX)
    )
    told = run(lint, folder, exit_code=1).stdout
    expect("error index-build (blocking)" in told, f"an index is not told of:\n{told}")
    expect("AddIndexConcurrently" in told, f"no safe way:\n{told}")
    expect("The verdicts are those for PostgreSQL." in told, f"SQLite is not told of:\n{told}")
    report = json.loads(run([*lint, "--format", "json"], folder, exit_code=1).stdout)
    (judged,) = report["migrations"]
    expect((judged["name"], judged["verdict"]) == ("0002_title", "unsafe"), f"unexpected verdict: {judged}")
    run([*lint, "--all", "--output", "migrations.sarif"], folder, exit_code=1)
    json.loads((folder / "migrations.sarif").read_text())
    run([*lint, "--all", "--write-baseline"], folder)
    run([*lint, "--baseline", "prodready-baseline.json"], folder)
    run([*lint, "--trace"], folder, exit_code=2)
    run(
        [python, "-m", PACKAGE, "migrate", "--lint", "--settings", "site_of_mine.settings"],
        folder,
        exit_code=1,
    )
    run([python.with_name("prodready"), "migrate", "--lint", "--settings", "no.such"], folder, exit_code=2)


def name_clients(python: Path, folder: Path, settings: Path) -> None:
    """Trust a proxy and Cloudflare, and ask who would be believed."""
    middleware = f"{PACKAGE}.middleware.CloudflareRealIPMiddleware"
    trust = 'PRODREADY = {"CLOUDFLARE": True, "TRUSTED_PROXIES": ["10.0.1.5"]}'
    settings.write_text(f'{settings.read_text()}\nMIDDLEWARE.insert(1, "{middleware}")\n{trust}\n')
    run([python, "manage.py", "check"], folder)
    prodsettings = [python, "manage.py", "prodsettings"]
    request = ["--remote-addr", "10.0.1.5", "--header", "X-Forwarded-For: 203.0.113.9, 173.245.48.5"]
    request += ["--header", "CF-Connecting-IP: 203.0.113.9", "--format", "json"]
    told = json.loads(run([*prodsettings, "--explain-client", *request], folder).stdout)
    expect(told["client_ip"] == "203.0.113.9", f"unexpected client: {told}")
    bundled = f"from {PACKAGE}.realip.cloudflare_ranges import BUNDLED; print(*BUNDLED, sep='\\n')"
    (folder / "published.txt").write_text(run([python, "-c", bundled], folder).stdout)
    ranges = [*prodsettings, "--cloudflare-ranges", "--from", "published.txt"]
    run([*ranges, "--check"], folder)
    run([*ranges, "--write", "ranges.txt"], folder)


HARDENED = """
from .settings import *
from django_prodready.settings import Production, Proxy, env


class Settings(Proxy, Production):
    PROXY = "nginx"
    STRIPE_KEY: str = env.secret("STRIPE_KEY", help="dashboard, API keys")


Settings.apply(globals())
"""


def harden(python: Path, folder: Path) -> None:
    """Put the settings together from mixins, with Django alone, and fill in their environment as told."""
    (folder / "site_of_mine" / "hardened.py").write_text(HARDENED)
    settings = [python, "-m", PACKAGE, "settings", "--settings", "site_of_mine.hardened"]
    template = run([*settings, "--env-template"], folder).stdout
    key = run([*settings, "--secret-key"], folder).stdout.strip()
    file = folder / "site.env"
    file.write_text(f"SECRET_KEY={key}\n")
    run([*settings, "--env-check", str(file)], folder, exit_code=1)
    given = {
        "SECRET_KEY": key,
        "ALLOWED_HOSTS": "mine.example",
        "TRUSTED_PROXIES": "10.0.1.5",
        "STRIPE_KEY": "sk_1234",
    }
    expect(all(name in template for name in given), f"the template lacks one of {sorted(given)}:\n{template}")
    file.write_text("".join(f"{name}={value}\n" for name, value in given.items()))
    run([*settings, "--env-check", str(file)], folder)
    environ = {**given, "DJANGO_SETTINGS_MODULE": "site_of_mine.hardened"}
    run([python, "manage.py", "check"], folder, environ=environ)
    listed = json.loads(
        run([python, "manage.py", "prodsettings", "--format", "json"], folder, environ=environ).stdout
    )
    expect(
        listed["settings"]["STRIPE_KEY"]["value"] == "set", "prodsettings shows a secret, or does not know it"
    )


@contextlib.contextmanager
def serving(python: Path, folder: Path) -> Iterator[str]:
    """Run Django's development server; yield its address once it listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(python), "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            wait_for_listener(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_for_listener(port: int, limit_s: float = 30) -> None:
    """Return when the port is listened on."""
    end_s = time.monotonic() + limit_s
    while time.monotonic() < end_s:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("the development server does not listen")


def run(
    command: list[str | Path], folder: Path, exit_code: int = 0, environ: Mapping[str, str] = {}
) -> subprocess.CompletedProcess[str]:
    """Run ``command`` in ``folder`` with a clean environment and expect ``exit_code`` and no traceback."""
    keep = ("PATH", "HOME", "LANG", "SYSTEMROOT", "TMPDIR")
    kept = {
        name: value for name, value in os.environ.items() if name in keep or name.startswith(("PIP_", "SSL_"))
    }
    done = subprocess.run(
        command, cwd=folder, env=kept | dict(environ), capture_output=True, text=True, check=False
    )
    shown = f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}"
    expect(done.returncode == exit_code, f"exit code {done.returncode}, not {exit_code}: {shown}")
    expect("Traceback" not in done.stdout + done.stderr, f"a traceback: {shown}")
    print(f"exit {done.returncode}: {' '.join(map(str, command[1:]))}")
    return done


def expect(condition: bool, otherwise: str) -> None:
    """Raise AssertionError with ``otherwise`` unless ``condition``; works under -O too."""
    if not condition:
        raise AssertionError(otherwise)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
