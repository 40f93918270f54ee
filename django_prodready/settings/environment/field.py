"""One variable of the environment: its kind, default and help, and the setting that it becomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django_prodready.settings.declared import Declared
from django_prodready.settings.environment.problems import UnresolvedError

__all__ = ["UNSET", "Field"]

# No default was given: None is one.
UNSET: Final[Any] = type("Unset", (), {"__repr__": lambda _self: "UNSET", "__slots__": ()})()


class Field(Declared):
    """A variable, declared. Reading it on the class gives the field, on an instance the parsed value."""

    def __init__(
        self,
        variable: str,
        *,
        kind: str,
        parse: Callable[[str], Any],
        default: Any = UNSET,
        required: bool | None = None,
        help: str = "",  # noqa: A002 - as argparse calls it
        example: str = "",
        is_secret: bool = False,
        is_setting: bool = True,
        placeholder: Callable[[], Any] | None = None,
    ) -> None:
        """``variable`` is the name in the environment; ``parse`` raises ``Invalid`` and nothing else.

        Without ``required`` a field is required when it has no default. Raises TypeError for a
        declaration that contradicts itself.
        """
        if required is not None and required is not (default is UNSET):
            other = "its default would never be used" if required else "it needs a default, and None is one"
            raise TypeError(f"{variable} is declared with required={required}: {other}.")
        if not _is_variable(variable):
            raise TypeError(
                f"{variable!r} is no name for an environment variable: use letters, digits and _."
            )
        self.variable = variable
        self.kind = kind
        self.parse = parse
        self.default = None if default is UNSET else default
        self.is_required = default is UNSET
        self.help = help
        self.example = example
        self.is_secret = is_secret
        self.is_setting = is_setting
        self.placeholder = placeholder

    def value_for(self, instance: Any) -> Any:
        """Return the parsed value. Raises :class:`UnresolvedError`, after noting why there is none.

        An instance that nobody settled has no environment to read.
        """
        reading = instance.__dict__.get("_reading")
        if reading is None:
            raise UnresolvedError(f"{self.variable} is read when the settings are applied.")
        return reading.value_of(self)

    def __repr__(self) -> str:
        return f"<{self.kind} from {self.variable}>"


def _is_variable(name: object) -> bool:
    return isinstance(name, str) and name.isascii() and name.isidentifier()
