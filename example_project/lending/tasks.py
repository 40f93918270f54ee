"""What Celery workers do: mail one reminder, and find every night who needs one."""

from celery import shared_task
from django.core.mail import send_mail
from django.core.management import call_command
from django.utils import timezone

from lending.models import Loan


@shared_task
def remind_borrower(loan_id: int) -> bool:
    """Mail the borrower once; False when the book is back or a reminder has gone out before.

    A task may be delivered twice, so the claim on the loan is one UPDATE.
    """
    claimed = Loan.objects.open().filter(pk=loan_id, reminded_at=None).update(reminded_at=timezone.now())
    if not claimed:
        return False
    loan = Loan.objects.select_related("book", "member__user").get(pk=loan_id)
    try:
        send_mail(
            subject=f"Please bring back: {loan.book.title}",
            message=f"The loan of {loan.book.title} ended on {loan.due_on:%d %B %Y}.",
            from_email=None,
            recipient_list=[loan.member.user.email],
        )
    except OSError:
        Loan.objects.filter(pk=loan_id).update(reminded_at=None)
        raise
    return True


@shared_task
def clear_sessions() -> None:
    """Delete the sessions that have ended: Django keeps them until somebody does."""
    call_command("clearsessions")


@shared_task
def remind_of_overdue_loans() -> int:
    """Queue a reminder for each overdue loan without one; return how many."""
    loan_ids = list(Loan.objects.overdue().filter(reminded_at=None).values_list("pk", flat=True))
    for loan_id in loan_ids:
        remind_borrower.delay(loan_id)
    return len(loan_ids)
