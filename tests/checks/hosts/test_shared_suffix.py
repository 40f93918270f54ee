import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check


def judge(*hosts, **kwargs):
    settings = {"ALLOWED_HOSTS": list(hosts), **kwargs.pop("settings", {})}
    return run_check("hosts.shared-suffix", settings=settings, **kwargs)


@pytest.mark.parametrize(
    ("host", "others"),
    [
        (".sevalla.app", "any customer of Sevalla"),
        (".kinsta.app", "any customer of Kinsta"),
        (".herokuapp.com", "any customer of Heroku"),
        (".HEROKUAPP.com", "any customer of Heroku"),
        (".onrender.com", "any customer of Render"),
        (".fly.dev", "any customer of Fly.io"),
        (".up.railway.app", "any customer of Railway"),
        (".railway.app", "any customer of Railway"),
        (".vercel.app", "any customer of Vercel"),
        (".azurewebsites.net", "any customer of Azure"),
        (".appspot.com", "any customer of Google Cloud"),
        (".uc.r.appspot.com", "any customer of Google Cloud"),
        (".run.app", "any customer of Google Cloud"),
        (".a.run.app", "any customer of Google Cloud"),
        (".us-central1.run.app", "any customer of Google Cloud"),
        (".ondigitalocean.app", "any customer of DigitalOcean"),
        (".pythonanywhere.com", "any customer of PythonAnywhere"),
        (".eu-west-1.elasticbeanstalk.com", "any customer of AWS"),
        (".compute.amazonaws.com", "any customer of AWS"),
        (".ngrok.io", "any customer of ngrok"),
        (".ngrok-free.app", "any customer of ngrok"),
        (".com", "anybody who registers a domain"),
        (".co.uk", "anybody who registers a domain"),
        (".gov.ph", "anybody who registers a domain"),
    ],
)
def test_fires(host, others):
    (finding,) = judge("example.org", host).findings
    assert finding.message == f"ALLOWED_HOSTS entry {host!r} accepts the hosts of {others}."
    assert f"'myapp{host.lower()}'" in finding.hint
    assert (finding.subject, finding.severity) == ("ALLOWED_HOSTS[1]", Severity.WARNING)


@pytest.mark.parametrize(
    "host",
    [
        ".example.org",
        ".example.co.uk",
        ".myapp.fly.dev",
        ".myapp.herokuapp.com",
        ".myproject.uc.r.appspot.com",
        ".shop.myapp.onrender.com",
        ".app.us-east-1.elasticbeanstalk.com",
        "myapp.herokuapp.com",
        "herokuapp.com",
        "fly.dev",
        "*.sevalla.app",
        " .sevalla.app",
        "*",
        "",
        ".",
        "localhost",
        ".localhost",
        ".local",
        ".internal",
        ".svc.cluster.local",
        "10.0.0.1",
        None,
    ],
)
def test_is_silent(host):
    assert judge(host).outcome is Outcome.PASS


def test_is_silent_without_a_list():
    assert run_check("hosts.shared-suffix", settings={"ALLOWED_HOSTS": None}).outcome is Outcome.PASS


def test_is_information_when_the_proxy_pins_the_host():
    (finding,) = judge(".herokuapp.com", settings={"PRODREADY": {"FACTS": {"host_pinned": True}}}).findings
    assert finding.severity is Severity.INFO


def test_says_where_and_keeps_its_fingerprint():
    files = {"conf.py": 'ALLOWED_HOSTS = [\n    "example.org",\n    ".fly.dev",\n]\n'}
    (finding,) = judge("example.org", ".fly.dev", files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"
    (moved,) = judge(".fly.dev", "example.org").findings
    assert moved.fingerprint == finding.fingerprint
