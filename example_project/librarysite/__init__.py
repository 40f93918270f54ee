"""The lending library's site. Loads the Celery application where Celery is installed."""

try:
    from librarysite.celery import app as celery_app
except ModuleNotFoundError as error:
    if error.name != "celery":
        raise
else:
    __all__ = ["celery_app"]
