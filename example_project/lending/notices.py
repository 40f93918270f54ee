"""Ask for notices to be mailed, through Celery where a broker is set."""

import logging

from django.conf import settings

logger = logging.getLogger(__name__)


def request_reminder(loan_id: int) -> bool:
    """Ask a worker to remind the borrower; False when nobody could be asked, which the log then says.

    Nobody waits for a mail server in a web request, so without a broker the reminder is not sent.
    The nightly round finds every loan that has had none.
    """
    if not settings.CELERY_BROKER_URL:
        logger.warning("Loan %s: no reminder is sent while CELERY_BROKER_URL is not set", loan_id)
        return False
    from kombu.exceptions import OperationalError

    from lending.tasks import remind_borrower

    try:
        remind_borrower.delay(loan_id)
    except OperationalError:
        logger.exception("Loan %s: the broker took no reminder, the nightly round will send it", loan_id)
        return False
    return True
