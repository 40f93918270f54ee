"""``/health/``, ``/ready/`` and ``/startup/``, and a stop that loses no request."""

from __future__ import annotations

from django_prodready.settings import env
from django_prodready.settings.draft import Draft
from django_prodready.settings.environment import kinds
from django_prodready.settings.middleware_order import HEALTH
from django_prodready.settings.mixin import SettingsMixin

__all__ = ["Health"]


class Health(SettingsMixin):
    """HealthMiddleware before everything else, its tokens, and the drain."""

    HEALTH_TOKENS: list[str] = env.custom(
        "HEALTH_TOKENS",
        kind="list of secrets",
        parse=kinds.tokens,
        default=[],
        secret=True,
        setting=False,
        help="Tokens of which a probe must send one to /ready/ and /startup/; none asks for none.",
    )
    DRAIN_SECONDS: float = env.float(
        "DRAIN_SECONDS",
        default=5.0,
        minimum=0,
        setting=False,
        help="How long a process answers on, as not ready, after it was told to stop: longer than a "
        "load balancer takes to notice, shorter than the grace period.",
    )

    def transform(self, draft: Draft) -> None:
        """Put the middleware first, and the choices into PRODREADY, where the project has not set them."""
        draft.place_middleware(HEALTH, same=self.SAME_MIDDLEWARE)
        draft.default_in("PRODREADY", {"DRAIN_SECONDS": self.DRAIN_SECONDS})
        if self.HEALTH_TOKENS:
            draft.change("PRODREADY", {"HEALTH_TOKENS": self.HEALTH_TOKENS})
