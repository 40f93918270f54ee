"""Sphinx configuration. Build with ``sphinx-build -n -W docs OUT``."""

import sys
from pathlib import Path

import django_prodready

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "django-prodready"
author = "The django-prodready contributors"
copyright = "the django-prodready contributors"  # noqa: A001 - Sphinx's name for it
version = release = django_prodready.__version__

extensions = ["myst_parser", "check_pages", "mixin_page", "rule_pages"]
exclude_patterns = ["_build"]
nitpicky = True

myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"django-prodready {release}"
html_static_path = ["_static"]
html_css_files = ["prodready.css"]
