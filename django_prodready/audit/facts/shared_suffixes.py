"""Domains below which anybody may have a host: what providers give their customers, and public suffixes.

The Public Suffix List is the full register; here are those under which Django sites are found.
https://publicsuffix.org/list/
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Shared", "shared_suffix"]

# ``*`` stands for one label, such as a region.
_PROVIDERS = {
    "AWS": (
        "amazonaws.com", "compute.amazonaws.com", "*.compute.amazonaws.com", "compute-1.amazonaws.com",
        "elb.amazonaws.com", "*.elb.amazonaws.com", "awsapprunner.com", "*.awsapprunner.com",
        "cloudfront.net", "elasticbeanstalk.com", "*.elasticbeanstalk.com",
    ),
    "Azure": (
        "azurewebsites.net", "azurecontainerapps.io", "*.azurecontainerapps.io", "azurefd.net",
        "cloudapp.azure.com", "*.cloudapp.azure.com", "trafficmanager.net",
    ),
    "Clever Cloud": ("cleverapps.io",),
    "Cloudflare": ("pages.dev", "trycloudflare.com", "workers.dev"),
    "DigitalOcean": ("ondigitalocean.app",),
    "Fly.io": ("fly.dev",),
    "GitHub": ("app.github.dev", "github.dev"),
    "Gigalixir": ("gigalixirapp.com",),
    "Google Cloud": ("appspot.com", "r.appspot.com", "*.r.appspot.com", "run.app", "*.run.app"),
    "Heroku": ("herokuapp.com",),
    "Hugging Face": ("hf.space",),
    "Kinsta": ("kinsta.app", "kinsta.cloud", "kinsta.page"),
    "Koyeb": ("koyeb.app",),
    "Netlify": ("netlify.app",),
    "ngrok": (
        "ngrok.app", "ngrok.dev", "ngrok.io", "ngrok-free.app", "ngrok-free.dev", "eu.ngrok.io",
        "us.ngrok.io",
    ),
    "Northflank": ("code.run",),
    "Platform.sh": ("platformsh.site", "*.platformsh.site"),
    "PythonAnywhere": ("pythonanywhere.com", "eu.pythonanywhere.com"),
    "Railway": ("railway.app", "up.railway.app"),
    "Render": ("onrender.com",),
    "Replit": ("repl.co", "replit.app", "replit.dev"),
    "Scalingo": ("scalingo.io", "*.scalingo.io"),
    "Sevalla": ("sevalla.app", "sevalla.page"),
    "Tailscale": ("ts.net",),
    "Vercel": ("now.sh", "vercel.app"),
    "nip.io": ("nip.io",),
    "sslip.io": ("sslip.io",),
    "DuckDNS": ("duckdns.org",),
}  # fmt: skip
_PUBLIC = frozenset(
    {
        "app", "at", "au", "be", "biz", "br", "ca", "ch", "cloud", "cn", "co", "com", "cz", "de", "dev", "dk",
        "edu", "es", "eu", "fi", "fr", "gov", "gr", "ie", "in", "info", "io", "it", "jp", "kr", "me", "mx",
        "net", "nl", "no", "nz", "online", "org", "ph", "pl", "pt", "ru", "se", "shop", "site", "tech", "tr",
        "ua", "uk", "us", "xyz", "za",
        "ac.uk", "co.uk", "gov.uk", "org.uk", "com.au", "gov.au", "net.au", "org.au", "co.nz", "org.nz",
        "co.za", "org.za", "com.br", "gov.br", "org.br", "co.in", "gov.in", "org.in", "co.jp", "or.jp",
        "co.kr", "com.cn", "com.mx", "com.ph", "gov.ph", "org.ph", "com.sg", "com.tr", "com.tw", "com.ua",
    }
)  # fmt: skip
_OWNERS = {suffix: owner for owner, suffixes in _PROVIDERS.items() for suffix in suffixes}


@dataclass(frozen=True, slots=True)
class Shared:
    """Who may have hosts below a domain."""

    domain: str
    provider: str | None  # None for a public suffix such as co.uk

    @property
    def others(self) -> str:
        """Those whose hosts end like ours, in words."""
        return f"any customer of {self.provider}" if self.provider else "anybody who registers a domain"


def shared_suffix(domain: str) -> Shared | None:
    """Tell who shares ``domain``, which has no leading dot; None when it is somebody's own."""
    domain = domain.lower()
    parent = domain.partition(".")[2]
    provider = _OWNERS.get(domain) or _OWNERS.get(f"*.{parent}")
    if provider is not None or domain in _PUBLIC:
        return Shared(domain, provider)
    return None
