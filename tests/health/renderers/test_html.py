"""The status page says what the statement says: in words, in shapes, escaped, and nothing beyond it."""

import base64
import hashlib
import os
import re
import time
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from django_prodready.health import history
from django_prodready.health.outcome import HealthReport, Outcome, ProbeSpec, Status
from django_prodready.health.probe import Probe
from django_prodready.health.renderers import html, page_style
from django_prodready.health.renderers.page_strip import strip
from django_prodready.health.renderers.page_words import duration
from django_prodready.health.statement import Endpoint, Statement

OK, DEGRADED, DOWN, SKIPPED = Status.OK, Status.DEGRADED, Status.DOWN, Status.SKIPPED
VOID = {"meta", "link", "wbr"}
UNCLOSED = {"html", "body", "dt", "dd", "li", "p"}  # HTML lets these end by themselves


@pytest.fixture(autouse=True)
def _no_history():
    history.forget()
    yield
    history.forget()


def outcome(status=OK, error=None, *, duration_s=0.0012, age_s=0.31):
    return Outcome(
        status=status,
        error=error,
        detail="connection to db.internal failed",
        duration_s=duration_s,
        finished_s=time.monotonic() - age_s,
        at=datetime(2001, 2, 3, tzinfo=UTC),
    )


def report(outcomes, not_critical=()):
    specs = {
        name: ProbeSpec(name=name, probe=Probe(), critical=name not in not_critical, deadline_s=0.8)
        for name in outcomes
    }
    return HealthReport(specs=specs, outcomes=outcomes)


def readiness(found=None, **changes):
    is_ready = found is None or found.is_ready
    statement = {
        "endpoint": Endpoint.READY,
        "status": "ready" if is_ready else "not_ready",
        "http_status": 200 if is_ready else 503,
        "report": found,
    }
    return Statement(**statement | changes)


DRAINING = readiness(
    HealthReport(specs={}, outcomes={}), status="not_ready", http_status=503, is_draining=True
)


class Document(HTMLParser):
    """What of the page matters here: its text without the style sheet, its tags, and whether these match."""

    def __init__(self, statement):
        super().__init__()
        self.source = html.render(statement).decode()
        self.words = []
        self.tags = []
        self.open = []
        self.feed(self.source)
        self.close()
        self.text = re.sub(r"\s+", " ", "".join(self.words))

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID | UNCLOSED:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag not in UNCLOSED:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def title(self):
        return re.search(r"<title>(.*?)</title>", self.source)[1]


class TestHeadline:
    @pytest.mark.parametrize(
        ("statement", "title", "sentence", "mark"),
        [
            (readiness(), "Ready · Readiness", "This process can take traffic.", "ok"),
            (
                readiness(report({"database": outcome(), "search": outcome(DOWN)}, {"search"})),
                "Ready, degraded · Readiness",
                "This process can take traffic, although search is down.",
                "degraded",
            ),
            (
                readiness(report({"a": outcome(DEGRADED), "b": outcome(DEGRADED), "c": outcome(DOWN)}, "c")),
                "Ready, degraded · Readiness",
                "This process can take traffic, although c is down and a and b are degraded.",
                "degraded",
            ),
            (
                readiness(
                    report({"a": outcome(DOWN), "b": outcome(DOWN), "c": outcome(DEGRADED)}, not_critical="b")
                ),
                "Not ready · Readiness",
                "This process should get no traffic: a is down.",
                "down",
            ),
            (
                readiness(report({letter: outcome(DOWN) for letter in "abcdefg"})),
                "Not ready · Readiness",
                "This process should get no traffic: a, b, c, d and 3 more are down.",
                "down",
            ),
            (
                readiness(None, status="not_ready", http_status=503),
                "Not ready · Readiness",
                "This process should get no traffic.",
                "down",
            ),
            (DRAINING, "Draining · Readiness", "This process is about to stop.", "draining"),
            (
                Statement(endpoint=Endpoint.STARTUP, status="started", http_status=200),
                "Started · Start-up",
                "Start-up is complete.",
                "ok",
            ),
            (
                Statement(
                    endpoint=Endpoint.STARTUP, status="starting", http_status=503, reason="Wait for <x>."
                ),
                "Starting · Start-up",
                "Wait for <x>.",
                "starting",
            ),
            (
                Statement(endpoint=Endpoint.STARTUP, status="starting", http_status=503),
                "Starting · Start-up",
                "Start-up is not complete.",
                "starting",
            ),
            (
                Statement(endpoint=Endpoint.HEALTH, status="healthy", http_status=200),
                "Healthy · Liveness",
                "This process is alive.",
                "ok",
            ),
            (
                Statement(
                    endpoint=Endpoint.HEALTH,
                    status="healthy",
                    http_status=200,
                    report=report({"database": outcome(DOWN)}),
                    is_draining=True,
                ),
                "Healthy · Liveness",
                "below is what readiness last knew. It is about to stop and takes no new traffic.",
                "ok",
            ),
        ],
    )
    def test_the_state_is_told_by_title_heading_sentence_and_shape(self, statement, title, sentence, mark):
        page = Document(statement)

        assert page.title == title
        assert f"{title.partition(' · ')[0]}{sentence}" in page.text or sentence in page.text
        assert page.all("body") == [{"class": mark}]
        assert page.all("use")[0] == {"href": f"#{mark}"}
        assert page.open == []

    @pytest.mark.parametrize(
        "statement", [readiness(), DRAINING, readiness(report({"database": outcome(DOWN)}))]
    )
    def test_the_browsers_tab_has_the_shape_without_a_request(self, statement):
        icons = [link["href"] for link in Document(statement).all("link")]

        assert [icon.partition(",")[0] for icon in icons] == ["data:image/svg+xml"]

    def test_states_have_different_icons(self):
        states = [
            readiness(),
            DRAINING,
            readiness(report({"database": outcome(DOWN)})),
            readiness(report({"database": outcome(DEGRADED)})),
            Statement(endpoint=Endpoint.STARTUP, status="starting", http_status=503),
        ]

        assert len({Document(state).all("link")[0]["href"] for state in states}) == len(states)


class TestAbout:
    def test_status_code_and_time_are_told(self):
        before = datetime.now(UTC).replace(microsecond=0)
        page = Document(readiness(None, status="not_ready", http_status=503))
        (told,) = (datetime.fromisoformat(moment["datetime"]) for moment in page.all("time"))

        assert before <= told <= datetime.now(UTC)
        assert f"Updated at{told:%H:%M:%S} UTC" in page.text
        assert "HTTP status503" in page.text
        assert "Version" not in page.text

    @pytest.mark.parametrize(("version", "attributes"), [("1.4.2", {}), ("9" * 40, {"class": "wide"})])
    def test_a_long_version_has_a_line_of_its_own(self, version, attributes):
        page = Document(readiness(version=version))

        assert f"Version{version}" in page.text
        assert page.all("div")[-1] == attributes

    def test_it_reloads_itself_and_says_so(self):
        page = Document(readiness())

        assert {"http-equiv": "refresh", "content": "10"} in page.all("meta")
        assert "This page reloads every 10 seconds." in page.text

    def test_search_engines_leave_it_alone(self):
        assert {"name": "robots", "content": "noindex"} in Document(readiness()).all("meta")


class TestProbes:
    def test_each_has_name_status_and_weight_in_the_order_of_the_configuration(self):
        outcomes = {
            "search": outcome(DOWN),
            "database": outcome(),
            "cache": outcome(DEGRADED),
            "disk": outcome(SKIPPED),
        }

        page = Document(readiness(report(outcomes, not_critical=("search", "disk"))))

        assert re.findall(r"(search|database|cache|disk)No run yet(\w+)((?:not )?critical)", page.text) == [
            ("search", "Down", "not critical"),
            ("database", "OK", "critical"),
            ("cache", "Degraded", "critical"),
            ("disk", "Skipped", "not critical"),
        ]
        assert [item["class"] for item in page.all("li")] == ["down", "ok", "degraded", "skipped"]
        assert "Probes 1 ok, 1 degraded, 1 down, 1 skipped" in page.text

    def test_every_shape_that_is_used_is_there_once(self):
        page = Document(readiness(report({"a": outcome(), "b": outcome(SKIPPED), "c": outcome(SKIPPED)})))

        drawn = [symbol["id"] for symbol in page.all("symbol")]
        assert sorted(drawn) == ["ok", "skipped"]
        assert {use["href"] for use in page.all("use")} == {"#ok", "#skipped"}

    def test_without_probes_it_says_so(self):
        assert "There is no probe to ask." in Document(readiness(report({}))).text

    @pytest.mark.parametrize("statement", [readiness(), DRAINING])
    def test_where_nothing_is_said_of_probes_there_is_no_heading(self, statement):
        assert "Probes" not in Document(statement).text

    def test_everything_is_escaped(self):
        name = "<script>alert(1)</script>&amp;'\""
        history.record(name, outcome())
        page = Document(
            readiness(
                report({name: outcome(DOWN, "Bad<b>Error")}), version="<i>1</i>" + "&" * 20, has_details=True
            )
        )

        assert not {"script", "i"} & {tag for tag, _ in page.tags}
        assert not [tag for tag, _ in page.tags if tag == "b"][1:]
        assert page.text.count(name) == 2
        assert "<i>1</i>&&" in page.text

    def test_half_a_surrogate_pair_does_no_harm(self):
        assert b"&#55357;" in html.render(readiness(version="\ud83d"))

    def test_long_names_may_break_at_underscores(self):
        assert "<h3>a_<wbr>b</h3>" in Document(readiness(report({"a_b": outcome()}))).source


class TestDetails:
    def statement(self, *, has_details):
        latest = outcome(DOWN, "OperationalError", duration_s=0.8, age_s=0.31)
        for past in (outcome(DOWN, "TimeoutError"), outcome(DEGRADED, "Degraded"), outcome(), latest):
            history.record("database", past)
        return readiness(report({"database": latest}), has_details=has_details)

    def test_who_may_know_is_told_how_long_when_and_by_which_error(self):
        page = Document(self.statement(has_details=True))

        assert re.search(
            r"critical · took 800 ms · 3\d\d ms ago · OperationalError · earlier: TimeoutError \(1\)",
            page.text,
        )
        assert f"the runs of process {os.getpid()}, which answered" in page.text

    def test_others_are_told_statuses_alone(self):
        page = Document(self.statement(has_details=False))

        for secret in ("Error", " ms", "took", "ago", str(os.getpid()), "2001"):
            assert secret not in page.text
        assert "Last 4 runs: 1 ok, 1 degraded, 2 down" in page.text

    @pytest.mark.parametrize("has_details", [True, False])
    def test_nobody_is_told_the_text_of_an_error(self, has_details):
        assert "db.internal" not in Document(self.statement(has_details=has_details)).source

    def test_a_plain_degraded_is_not_said_twice(self):
        page = Document(
            readiness(report({"search": outcome(DEGRADED, "Degraded"), "x": outcome()}), has_details=True)
        )

        assert re.search(r"took 1.2 ms · \d+ ms ago(?! ·)", page.text)
        assert "earlier" not in page.text

    @pytest.mark.parametrize(
        ("seconds", "text"),
        [
            (0, "0.0 ms"),
            (0.0012, "1.2 ms"),
            (0.31, "310 ms"),
            (4.46, "4.5 s"),
            (59.9, "59.9 s"),
            (200, "3 min"),
        ],
    )
    def test_durations_are_easy_to_read(self, seconds, text):
        assert duration(seconds) == text


class TestStrip:
    def test_runs_of_one_status_are_one_line_that_ends_at_the_right(self):
        drawn = strip([OK] * 3 + [DOWN] * 2 + [OK])

        assert re.findall(r"class=(\w+) stroke-width=(\d+) d='(.*?)'", drawn) == [
            ("ok", "6", "M162 13H170M177 13H179"),
            ("down", "16", "M171 8H176"),
        ]

    def test_each_status_has_a_height_of_its_own(self):
        drawn = strip(list(Status))

        assert len(set(re.findall(r"stroke-width=(\d+)", drawn))) == len(Status)

    def test_no_more_than_the_last_sixty_are_drawn(self):
        drawn = strip([DOWN] * 40 + [OK] * 60)

        assert re.findall(r" d='(.*?)'", drawn) == ["M0 13H179"]
        assert "<title>Last 60 runs: 60 ok</title>" in drawn

    @pytest.mark.parametrize(
        ("statuses", "text"),
        [([], "No run yet"), ([DEGRADED], "Last run: 1 degraded"), ([OK] * 2, "Last 2 runs: 2 ok")],
    )
    def test_who_cannot_see_it_is_told(self, statuses, text):
        drawn = strip(statuses)

        assert "role=img" in drawn
        assert f"<title>{text}</title>" in drawn

    def test_the_page_draws_what_this_process_remembers(self):
        for status in (OK, DOWN, OK):
            history.record("cache", outcome(status))

        page = Document(readiness(report({"cache": outcome(), "search": outcome()})))

        assert "Last 3 runs: 2 ok, 1 down" in page.text
        assert "No run yet" in page.text


class TestPolicy:
    def test_nothing_is_allowed_but_this_very_sheet_and_the_icon(self):
        ((name, policy),) = html.EXTRA_HEADERS
        (sheet,) = re.findall(r"<style>(.*?)</style>", Document(readiness()).source)
        digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()

        assert name == "Content-Security-Policy"
        assert policy.split("; ") == [
            "default-src 'none'",
            f"style-src 'sha256-{digest}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]

    def test_the_page_needs_nothing_that_the_policy_forbids(self):
        page = Document(readiness(report({"database": outcome()}), version="1", has_details=True))

        assert not {"script", "img", "iframe", "object", "form", "base", "a"} & {tag for tag, _ in page.tags}
        assert not [tag for tag, attributes in page.tags if "style" in attributes]
        assert not [tag for tag, attributes in page.tags if any(key.startswith("on") for key in attributes)]
        assert "url(" not in page.source
        assert "@import" not in page.source

    def test_it_is_html_in_english(self):
        assert html.CONTENT_TYPE == "text/html; charset=utf-8"
        assert Document(readiness()).source.startswith("<!doctype html><html lang=en><meta charset=utf-8>")


class TestLook:
    @pytest.mark.parametrize("palette", [page_style.LIGHT, page_style.DARK])
    def test_every_colour_of_text_is_read_on_its_paper(self, palette):
        # 4.5 to 1: https://www.w3.org/TR/WCAG22/#contrast-minimum
        ratios = {
            name: contrast(colour, palette["paper"])
            for name, colour in palette.items()
            if name not in ("paper", "line")
        }

        assert min(ratios.values()) >= 4.5, ratios

    def test_both_palettes_name_the_same_colours(self):
        assert page_style.LIGHT.keys() == page_style.DARK.keys()

    @pytest.mark.parametrize("details", [True, False])
    def test_twenty_busy_probes_stay_small(self, details):
        outcomes = {f"inventory_service_{number}": outcome(DOWN, "OperationalError") for number in range(20)}
        for name in outcomes:
            for number in range(60):
                history.record(name, outcome([OK, OK, OK, DEGRADED, DOWN][number // 12]))

        page = html.render(readiness(report(outcomes), version="1.4.2", has_details=details))

        assert len(page) < 15_000


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
