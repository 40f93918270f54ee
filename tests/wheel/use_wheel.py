"""Use the built wheel as its first user would: a new venv, a new project, the command, its exit codes.

``python use_wheel.py DIST_DIR``, where DIST_DIR holds one wheel and one sdist. Needs no checkout, and
runs in a temporary folder, so that nothing but the wheel can be imported.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
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


def run(command: list[str | Path], folder: Path, exit_code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run ``command`` in ``folder`` with a clean environment and expect ``exit_code`` and no traceback."""
    keep = ("PATH", "HOME", "LANG", "SYSTEMROOT", "TMPDIR")
    environ = {
        name: value for name, value in os.environ.items() if name in keep or name.startswith(("PIP_", "SSL_"))
    }
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
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
