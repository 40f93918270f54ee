"""The checks: ``<family>/<slug>.py``. A file's being here is its whole registration."""
