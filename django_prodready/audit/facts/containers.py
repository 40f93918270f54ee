"""Whether the site runs in containers, as far as files of the repository or the declared platform tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django_prodready.audit.facts.proxy import declared_platform, is_elsewhere

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["container_sign"]

_PLATFORMS = frozenset(
    {
        "aws", "azure", "caprover", "cloudrun", "coolify", "digitalocean", "docker", "dokku", "dokploy",
        "ecs", "fly", "heroku", "k8s", "kubernetes", "openshift", "railway", "render", "scalingo", "sevalla",
    }
)  # fmt: skip
_IMAGES = (
    "Dockerfile*", "*.dockerfile", "Containerfile*", "fly.toml", "railway.toml", "railway.json",
    "render.yaml", "nixpacks.toml",
)  # fmt: skip
_MANIFESTS = ("*.yml", "*.yaml")
_WORKLOAD = re.compile(r"^kind:[ \t]*(?:Deployment|StatefulSet|DaemonSet|Pod|Rollout)\b", re.MULTILINE)


def container_sign(facts: Facts) -> str | None:
    """Say what shows that the site runs in a container; None when nothing does."""
    if declared_platform(facts) in _PLATFORMS:
        return f"the platform is {facts.declared['platform']}"
    images = (path for path in facts.files.matching(*_IMAGES) if not is_elsewhere(path))
    manifests = (path for path in facts.files.matching(*_MANIFESTS) if not is_elsewhere(path))
    workloads = (path for path in manifests if _WORKLOAD.search(facts.files.read(path) or ""))
    return next(images, None) or next(workloads, None)
