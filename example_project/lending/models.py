"""What the library owns, who borrows it, and until when."""

# ruff: noqa: RUF012 - lists on classes are how Django is told things

import datetime as dt

from django.conf import settings
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

LOAN_DAYS = 21


def due_date() -> dt.date:
    """Return the last day of a loan that begins today."""
    return timezone.localdate() + dt.timedelta(days=LOAN_DAYS)


class Author(models.Model):
    name = models.CharField(max_length=200)
    born = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Book(models.Model):
    """One copy on the shelf; a second copy is a second book with a shelf mark of its own."""

    shelf_mark = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=300, db_index=True)
    authors = models.ManyToManyField(Author, related_name="books")
    isbn = models.CharField("ISBN", max_length=13, blank=True)
    summary = models.TextField(blank=True)
    cover = models.FileField(
        upload_to="covers/%Y/",
        blank=True,
        # SVG may carry scripts, so only these three.
        validators=[FileExtensionValidator(["jpg", "png", "webp"])],
    )

    class Meta:
        ordering = ["title", "shelf_mark"]

    def __str__(self) -> str:
        return f"{self.title} ({self.shelf_mark})"

    def get_absolute_url(self) -> str:
        return reverse("lending:book", args=[self.pk])


class Member(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="member")
    card_number = models.CharField(max_length=12, unique=True)
    joined_on = models.DateField(default=timezone.localdate)

    class Meta:
        ordering = ["card_number"]

    def __str__(self) -> str:
        return self.card_number


class LoanQuerySet(models.QuerySet):
    """Loans by what still has to happen with them."""

    def open(self) -> "LoanQuerySet":
        """Keep the loans that are not yet returned."""
        return self.filter(returned_at=None)

    def overdue(self) -> "LoanQuerySet":
        """Keep the open loans whose last day has passed."""
        return self.open().filter(due_on__lt=timezone.localdate())


class Loan(models.Model):
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="loans")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="loans")
    borrowed_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(default=due_date)
    returned_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = LoanQuerySet.as_manager()

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["book"],
                condition=Q(returned_at=None),
                name="one_open_loan_per_book",
                violation_error_message="This book is lent already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book} to {self.member} until {self.due_on}"
