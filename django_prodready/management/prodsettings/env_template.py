"""``--env-template``: a file to fill in, with every variable that the class of settings reads."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django_prodready.management.prodsettings.applied import record_of_class, settings_module
from django_prodready.management.prodsettings.env_variables import Variable, variables_of
from django_prodready.management.prodsettings.errors import UsageError

__all__ = ["PLATFORMS", "STYLES", "carry_out"]

STYLES = ("dotenv", "compose", "kubernetes")

# How each platform takes variables.
PLATFORMS: Mapping[str, str] = {
    "docker": "dotenv",
    "compose": "compose",
    "kubernetes": "kubernetes",
    "coolify": "dotenv",
    "sevalla": "dotenv",
    "systemd": "dotenv",
}
_WIDTH = 100
_PLAIN = re.compile(r"[\w@%+:,./=-]*", re.ASCII)

_OF_PLATFORMS: Mapping[str, str] = {
    # https://docs.docker.com/reference/cli/docker/container/run/#env
    "docker": "docker run --env-file FILE: Docker takes what follows = as it stands, quotes too, so write "
    "none. A secret is better mounted as a file: NAME_FILE=/run/secrets/name.",
    # https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/
    "compose": "The values come from the shell, or from a file .env beside this one: single quotes "
    "keep a $ in a value. Without a value that is required, Compose starts nothing. A secret may come by "
    "file instead: declare it below secrets: and give NAME_FILE: /run/secrets/name in place of NAME.",
    # https://kubernetes.io/docs/tasks/inject-data-application/distribute-credentials-secure/
    "kubernetes": "Name both in the container: envFrom: [{secretRef: {name: django-secrets}}, {configMapRef: "
    "{name: django-config}}]. Keep the filled-in Secret out of the repository.",
    # https://coolify.io/docs/knowledge-base/environment-variables
    "coolify": "Paste the lines into Environment Variables, Developer view. A value with a $ in it needs the "
    "mark 'Is Literal?'. Secrets are for run time alone: the build does without, by PRODREADY_BUILD=1.",
    "sevalla": "Paste the lines into the application's environment variables. Secrets are for run time "
    "alone: the build does without, by PRODREADY_BUILD=1.",
    # https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#EnvironmentFile=
    "systemd": "Save the lines as a file of mode 600 that root owns, and name it in the unit: "
    "EnvironmentFile=FILE. A secret is better a credential: LoadCredential=name:FILE and "
    "Environment=NAME_FILE=%d/name in the unit.",
}


def carry_out(options: Mapping[str, Any], load_failure: BaseException | None) -> str:
    """Return the file. Raises :class:`UsageError` when there is no class, or no such style."""
    platform = options["platform"]
    style = options["style"] or PLATFORMS.get(platform, "dotenv")
    if platform and style != PLATFORMS[platform]:
        raise UsageError(f"--platform {platform} takes --style {PLATFORMS[platform]}, not {style}.")
    record = record_of_class(load_failure)
    variables = variables_of(record.cls)
    heading = [
        f"The environment of {settings_module()}, as {record.cls.__qualname__} reads it.",
        _OF_PLATFORMS.get(platform or style, "NAME_FILE=/path reads a secret from a file instead."),
    ]
    render = _docker if platform == "docker" else _RENDERERS[style]
    lines = [*(line for text in heading for line in _comment(text)), *render(variables)]
    return "".join(f"{line}\n" for line in lines)


def _docker(variables: Sequence[Variable]) -> Iterator[str]:
    return _dotenv(variables, quoted=str)


def _dotenv(variables: Sequence[Variable], *, quoted: Callable[[str], str] | None = None) -> Iterator[str]:
    spelled = quoted or _dotenv_value
    for title, group in _groups(variables):
        yield ""
        yield from _comment(f"--- {title}")
        for variable in group:
            yield ""
            yield from _comment(_told(variable))
            mark = "" if variable.is_required else "#"
            yield f"{mark}{variable.name}={spelled(variable.default or '')}"


def _compose(variables: Sequence[Variable]) -> Iterator[str]:
    yield from ["", "services:", "  web:", "    environment:"]
    for number, (title, group) in enumerate(_groups(variables)):
        yield from [""] * number
        yield from _comment(f"--- {title}", indent=6)
        for variable in group:
            yield ""
            yield from _comment(_told(variable), indent=6)
            # A name alone is left out where it is not set; libpq fails on an empty PGSERVICE.
            # https://docs.docker.com/reference/compose-file/services/#environment
            value = f' "${{{variable.name}:?{variable.name} is required}}"' if variable.is_required else ""
            yield f"      {variable.name}:{value}"


def _kubernetes(variables: Sequence[Variable]) -> Iterator[str]:
    secret = [variable for variable in variables if variable.is_secret]
    public = [variable for variable in variables if not variable.is_secret]
    if secret:
        yield from [*_object("Secret", "django-secrets"), "type: Opaque", "stringData:"]
        yield from _data(secret)
    if public:
        yield from [*_object("ConfigMap", "django-config"), "data:"]
        yield from _data(public)


def _object(kind: str, name: str) -> list[str]:
    return ["", "---", "apiVersion: v1", f"kind: {kind}", "metadata:", f"  name: {name}"]


def _data(variables: Sequence[Variable]) -> Iterator[str]:
    for number, (title, group) in enumerate(_groups(variables)):
        yield from [""] * number
        yield from _comment(f"--- {title}", indent=2)
        for variable in group:
            yield ""
            yield from _comment(_told(variable), indent=2)
            mark = "" if variable.is_required else "#"
            # A string of JSON is one of YAML.
            yield f"  {mark}{variable.name}: {json.dumps(variable.default or '')}"


_RENDERERS: Mapping[str, Callable[[Sequence[Variable]], Iterator[str]]] = {
    "dotenv": _dotenv,
    "compose": _compose,
    "kubernetes": _kubernetes,
}


def _groups(variables: Sequence[Variable]) -> Iterator[tuple[str, list[Variable]]]:
    for title, is_required in (("Required", True), ("Optional", False)):
        group = [variable for variable in variables if variable.is_required is is_required]
        if group:
            yield title, group


def _told(variable: Variable) -> str:
    said = [variable.about]
    if variable.default:
        said.append(f"Default: {variable.default}.")
    if variable.example:
        said.append(f"Example: {variable.example}")
    return " ".join(said)


def _comment(text: str, *, indent: int = 0) -> list[str]:
    one_line = " ".join(text.split())
    mark = " " * indent + "# "
    return textwrap.wrap(
        one_line,
        width=_WIDTH,
        initial_indent=mark,
        subsequent_indent=mark,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _dotenv_value(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'"{escaped}"'.replace("\n", "\\n")
