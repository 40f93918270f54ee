"""What type checkers say of a project's settings class. Checked by mypy and pyright, never run."""

from pathlib import Path
from typing import Any, Literal, assert_type

from django_prodready.settings import (
    OMIT,
    Postgres,
    Production,
    Proxy,
    RedisCache,
    S3Media,
    SettingsMixin,
    WhiteNoise,
    computed,
    env,
    fixed,
    option,
    production,
)
from django_prodready.settings.draft import Draft


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


class Shop(SettingsMixin):
    """A mixin of the project's own, of every kind of declaration."""

    SIZE = option("small", choices=("small", "large"), help="How big.")
    OPEN: bool = option(True, help="Whether anybody may come in.")
    SHELVES = computed(lambda settings: 30 if settings.SIZE == "large" else 3)
    CURRENCY = fixed("EUR")
    LIMITS: dict[str, int] = fixed({"basket": 40})
    TOKEN: str | None = env.secret("TOKEN", default=None, setting=False)
    TITLE: str = OMIT

    def transform(self, draft: Draft) -> None:
        """Change a setting that is a dict."""
        assert_type(self.SHELVES, int)
        draft.change("SHOP", {"TOKEN": self.TOKEN, "SHELVES": self.SHELVES})

    def conclude(self, draft: Draft) -> None:
        """Ask for what the choices need."""
        if self.OPEN and self.TOKEN is None:
            raise draft.missing("TOKEN")


class Large(Shop, Postgres, RedisCache, S3Media, Proxy, Production):
    """Every kind overridden by every other that fits."""

    SIZE = "large"
    OPEN = env.bool("OPEN", default=True)
    CURRENCY = "USD"
    LIMITS = {"wishes": 2}
    TOKEN = None
    POOLING = "psycopg"
    ASGI = True
    S3_PROVIDER = "r2"
    DATABASE_URL = "postgres://db/shop"
    DB_PORT = 5432
    DRAIN_SECONDS = 3
    LOG_FORMAT = "json"
    TRUSTED_PROXIES = ["10.0.0.0/8"]
    CLOUDFLARE_SECRETS = []
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_SCHEME", "https")
    SECURE_SSL_REDIRECT = False
    SECURE_HSTS_SECONDS = computed(lambda settings: 5)
    X_FRAME_OPTIONS = fixed("SAMEORIGIN")
    SAME_MIDDLEWARE = {"shop.Secure": "django.middleware.security.SecurityMiddleware"}
    ALLOWED_HOSTS = env.list("HOSTS")
    SECRET_KEY = env.secret("KEY", min_length=50)
    HSTS_STAGE = env.choice("STAGE", choices=("hour", "day"), default="hour")
    PROXY = env.choice("PROXY", choices=("nginx", "none"))
    MIDDLEWARE = ["shop.Secure"]

    def transform(self, draft: Draft) -> None:
        """Read what the bases declare."""
        draft.set("SIGN", self.SIZE + self.CURRENCY)


class Staging(Large):
    """A class below another."""

    HSTS_STAGE = "hour"
    ALLOWED_HOSTS = ["staging.example"]


assert_type(Large.LIMITS, dict[str, int])
assert_type(production(globals(), platform="coolify", media="r2", HSTS_STAGE="day"), type[SettingsMixin])
production(globals(), platform="heroku")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
production(globals(), media=True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
production(globals(), database="mysql")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


class Wrong(Production):
    """Each of these is an error, and an ignore without one would be one too."""

    HSTS_STAGE = "weekly"  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    SECURE_HSTS_SECONDS = "60"  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    FEW = env.int("FEW", default="1")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
