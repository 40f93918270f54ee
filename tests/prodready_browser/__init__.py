"""A real browser for the tests: Chromium without a window, told what to do over a pipe."""
