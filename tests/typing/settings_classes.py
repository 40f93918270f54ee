"""What type checkers say of a project's settings class. Checked by mypy and pyright, never run."""

from pathlib import Path
from typing import Any, Literal, assert_type

from django_prodready.settings import Production, Proxy, WhiteNoise, env


class Settings(WhiteNoise, Proxy, Production):
    """Options and settings overridden with plain values, and fields of each kind."""

    HSTS_STAGE = "day"
    PROXY = "cloudflare+traefik"
    ALLOWED_HOSTS = ["site.example"]
    SECURE_HSTS_SECONDS = 60
    X_FRAME_OPTIONS = "SAMEORIGIN"
    PERMISSIONS_POLICY = {"camera": ["self"], "usb": []}
    SESSION_COOKIE_SAMESITE: str = "Strict"

    ANNOTATED: str = env.secret("ANNOTATED", help="what it is for", example="abc")
    TEXT = env.str("TEXT")
    TEXT_OR_NONE = env.str("TEXT", default=None)
    SWITCH = env.bool("SWITCH", default=False)
    SWITCH_OR_NONE = env.bool("SWITCH", default=None)
    WHOLE = env.int("WHOLE", default=1, minimum=1)
    WHOLE_OR_NONE = env.int("WHOLE", default=None)
    NUMBER = env.float("NUMBER", required=True)
    NUMBER_OR_NONE = env.float("NUMBER", default=None, maximum=2)
    ITEMS = env.list("ITEMS")
    ITEMS_OR_NONE = env.list("ITEMS", default=None)
    PAIRS = env.dict("PAIRS", default={"a": "b"})
    PAIRS_OR_NONE = env.dict("PAIRS", default=None)
    ADDRESS = env.url("ADDRESS", schemes=["https"])
    ADDRESS_OR_NONE = env.url("ADDRESS", default=None)
    PLACE = env.path("PLACE")
    PLACE_OR_NONE = env.path("PLACE", default=None)
    KEY = env.secret("KEY", min_length=20)
    KEY_OR_NONE = env.secret("KEY", default=None)
    DATABASE = env.database("DATABASE_URL", setting=False)
    DATABASE_OR_NONE = env.database("DATABASE_URL", default=None)
    REDIS = env.redis("REDIS_URL")
    PLAN: Literal["small", "large"] = env.choice("PLAN", choices=("small", "large"))
    OWN = env.custom("OWN", parse=int)
    OWN_OR_NONE = env.custom("OWN", parse=int, default=None)


Settings.apply(globals())

assert_type(Settings.ANNOTATED, str)
assert_type(Settings.TEXT, str)
assert_type(Settings.TEXT_OR_NONE, str | None)
assert_type(Settings.SWITCH, bool)
assert_type(Settings.SWITCH_OR_NONE, bool | None)
assert_type(Settings.WHOLE, int)
assert_type(Settings.WHOLE_OR_NONE, int | None)
assert_type(Settings.NUMBER, float)
assert_type(Settings.NUMBER_OR_NONE, float | None)
assert_type(Settings.ITEMS, list[str])
assert_type(Settings.ITEMS_OR_NONE, list[str] | None)
assert_type(Settings.PAIRS, dict[str, str])
assert_type(Settings.PAIRS_OR_NONE, dict[str, str] | None)
assert_type(Settings.ADDRESS, str)
assert_type(Settings.ADDRESS_OR_NONE, str | None)
assert_type(Settings.PLACE, Path)
assert_type(Settings.PLACE_OR_NONE, Path | None)
assert_type(Settings.KEY, str)
assert_type(Settings.KEY_OR_NONE, str | None)
assert_type(Settings.DATABASE, dict[str, Any])
assert_type(Settings.DATABASE_OR_NONE, dict[str, Any] | None)
assert_type(Settings.REDIS, str)
assert_type(Settings.PLAN, Literal["small", "large"])
assert_type(Settings.OWN, int)
assert_type(Settings.OWN_OR_NONE, int | None)


class Wrong(Production):
    """Each of these is an error, and an ignore without one would be one too."""

    HSTS_STAGE = "weekly"  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    SECURE_HSTS_SECONDS = "60"  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    FEW = env.int("FEW", default="1")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
