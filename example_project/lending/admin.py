"""The librarians' desk."""

# ruff: noqa: RUF012 - lists on classes are how Django is told things

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from lending.models import Author, Book, Loan, Member
from lending.notices import request_reminder


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    list_display = ["name", "born"]
    search_fields = ["name"]


@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    list_display = ["title", "shelf_mark", "isbn"]
    search_fields = ["title", "shelf_mark", "isbn", "authors__name"]
    autocomplete_fields = ["authors"]


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    list_display = ["card_number", "user", "joined_on"]
    list_select_related = ["user"]
    search_fields = ["card_number", "user__username", "user__email"]
    autocomplete_fields = ["user"]


@admin.register(Loan)
class LoanAdmin(admin.ModelAdmin):
    list_display = ["book", "member", "due_on", "returned_at", "reminded_at"]
    list_filter = ["due_on", ("returned_at", admin.EmptyFieldListFilter)]
    list_select_related = ["book", "member"]
    search_fields = ["book__title", "book__shelf_mark", "member__card_number"]
    autocomplete_fields = ["book", "member"]
    actions = ["remind"]

    @admin.action(description="Remind the borrowers of the selected loans", permissions=["change"])
    def remind(self, request: HttpRequest, loans: Any) -> None:
        for loan in loans.open():
            # A worker is faster than a commit: it must not look for what is not there yet.
            transaction.on_commit(lambda loan_id=loan.pk: request_reminder(loan_id))
