"""What an exec probe costs, as a ratio to ``manage.py check`` of the example project.

Both run in turns, each in a process of its own, the probe against a server that answers at once; what
counts is the median. The exec probe may cost a fifth. ``python -c pass`` shows how much of it is Python's.
"""

import os
import statistics
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[2]
TURNS = 25


class Ready(BaseHTTPRequestHandler):
    """Answers as /ready/ does, and says nothing."""

    def do_GET(self) -> None:
        """Say that all is well."""
        body = b'{"status": "ready", "checks": {"database": true}}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def main() -> None:
    """Print the figures."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Ready)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/ready/"
    commands = {
        "python -m django_prodready.probe http": ["-m", "django_prodready.probe", "http", url],
        "manage.py check": ["manage.py", "check"],
        "python -c pass": ["-c", "pass"],
    }
    for arguments in commands.values():
        run(arguments)
    turns = [{name: run(arguments) for name, arguments in commands.items()} for _ in range(TURNS)]
    probe, check, nothing = (statistics.median(turn[name] for turn in turns) for name in commands)
    server.shutdown()
    print(
        f"python -m django_prodready.probe http / manage.py check: {probe / check:.3f} "
        f"({probe * 1000:.1f} ms / {check * 1000:.1f} ms; python -c pass takes {nothing * 1000:.1f} ms)"
    )


def run(arguments: list[str]) -> float:
    """Run Python in the example project, successfully, and return the seconds it took."""
    started_s = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT / "example_project",
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "librarysite.settings.dev"},
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - started_s


if __name__ == "__main__":
    main()
