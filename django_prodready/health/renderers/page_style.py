"""How the status page looks: two palettes and one style sheet, all of it inside the page.

Colour never says anything alone: every status has a shape and a word of its own as well.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

# "paper" lies behind everything, "line" divides and says nothing; every other colour is read on paper.
LIGHT = {
    "paper": "#fcfcfa",
    "line": "#dcdcd5",
    "ink": "#1b1e23",
    "quiet": "#5b6069",
    "ok": "#0b6b62",
    "degraded": "#8a5300",
    "down": "#b01c33",
    "waiting": "#3f5788",
}
DARK = {
    "paper": "#15171b",
    "line": "#33373e",
    "ink": "#e9eaec",
    "quiet": "#a3a9b3",
    "ok": "#5fcdb4",
    "degraded": "#e9b44c",
    "down": "#ff8b94",
    "waiting": "#a3bbf0",
}


def _variables(palette: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in palette.items())


# Print is always light; in a forced palette the shapes follow the text.
_SHEET = f"""
:root {{ color-scheme: light; {_variables(LIGHT)} }}
@media screen and (prefers-color-scheme: dark) {{ :root {{ color-scheme: dark; {_variables(DARK)} }} }}
@media (forced-colors: active) {{
  :root {{ --paper: Canvas; --ok: CanvasText; --degraded: CanvasText; --down: CanvasText;
    --waiting: CanvasText; --quiet: CanvasText }}
}}
* {{ box-sizing: border-box; margin: 0; padding: 0 }}
.ok {{ --state: var(--ok) }}
.degraded {{ --state: var(--degraded) }}
.down {{ --state: var(--down) }}
.draining, .starting {{ --state: var(--waiting) }}
.skipped {{ --state: var(--quiet) }}
body {{
  background: var(--paper); color: var(--ink); border-top: .25rem solid var(--state);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; -webkit-text-size-adjust: 100%
}}
main {{ max-width: 46rem; margin: auto; padding: clamp(2rem, 7vw, 4.5rem) clamp(1rem, 4vw, 2rem) 3rem }}
svg {{ display: block; fill: none; overflow: visible }}
.sprite {{ position: absolute; width: 0; height: 0 }}
.mark {{ width: 1.125rem; height: 1.125rem; color: var(--state) }}
h1 {{ display: flex; align-items: center; gap: .9rem; font-size: clamp(2rem, 7vw, 2.75rem); font-weight: 600;
  line-height: 1.15; letter-spacing: -.022em }}
h1 .mark {{ flex: none; width: 1em; height: 1em }}
.lead {{ margin-top: .75rem; font-size: 1.125rem; max-width: 36rem; text-wrap: pretty }}
dl {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: 1rem 1.5rem;
  margin-top: 2rem; padding-top: 1rem; border-top: 1px solid var(--line) }}
dl .wide {{ grid-column: 1 / -1 }}
dt, small, h2, .note {{ color: var(--quiet); font-size: .8125rem; font-weight: 400 }}
h2 {{ display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; margin-top: 2.75rem;
  padding-bottom: .5rem; border-bottom: 1px solid var(--line) }}
h2 b {{ color: var(--ink); font-size: 1rem; font-weight: 600 }}
ul {{ list-style: none }}
li {{ display: grid; grid-template-columns: 1.125rem minmax(0, 1fr) 11.25rem 5.75rem; column-gap: .9rem;
  align-items: center; padding: .7rem 0; border-bottom: 1px solid var(--line); break-inside: avoid }}
h3 {{ font-size: 1rem; font-weight: 500 }}
li small {{ grid-area: 2 / 2 / 3 / 5 }}
li strong {{ color: var(--state); font-weight: 600; text-align: right; white-space: nowrap }}
.strip {{ width: 100%; height: 1.125rem; border-bottom: 1px solid var(--line) }}
.strip path {{ stroke: var(--state); stroke-dasharray: 2 1 }}
.note {{ margin-top: 1.25rem; max-width: 40rem; text-wrap: pretty }}
.note + .note {{ margin-top: .5rem }}
@media (max-width: 34rem) {{
  li {{ grid-template-columns: 1.125rem minmax(0, 1fr) auto; row-gap: .15rem }}
  li .strip {{ grid-area: 3 / 2 / 4 / 4; margin-top: .35rem }}
  li small {{ grid-area: 2 / 2 / 3 / 4 }}
}}
@media print {{ main {{ max-width: none; padding: 0 }} body {{ font-size: 11pt }} }}
"""

SHEET = " ".join(_SHEET.split())

# What a browser may do with the page: show it, styled by this very sheet, with a data: icon. No script, no
# frame around it, no request. https://www.w3.org/TR/CSP3/#grammardef-hash-source
POLICY = "; ".join(
    [
        "default-src 'none'",
        f"style-src 'sha256-{base64.b64encode(hashlib.sha256(SHEET.encode()).digest()).decode()}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
