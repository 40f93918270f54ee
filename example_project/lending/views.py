"""The catalogue for everybody, and a member's own loans."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.views.generic import DetailView, ListView

from lending.models import Book, Loan

COUNT_CACHE_S = 60


def books_with_state() -> QuerySet:
    """Return the books with their authors, each with `lent`: whether somebody has it now."""
    open_loans = Loan.objects.open().filter(book=OuterRef("pk"))
    return Book.objects.prefetch_related("authors").annotate(lent=Exists(open_loans))


class BookList(ListView):
    paginate_by = 50
    context_object_name = "books"

    def get_queryset(self) -> QuerySet:
        words = self.request.GET.get("q", "").strip()
        books = books_with_state()
        if not words:
            return books
        return books.filter(Q(title__icontains=words) | Q(authors__name__icontains=words)).distinct()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        count = cache.get_or_set("book-count", Book.objects.count, COUNT_CACHE_S)
        return super().get_context_data(book_count=count, words=self.request.GET.get("q", ""), **kwargs)


class BookDetail(DetailView):
    context_object_name = "book"

    def get_queryset(self) -> QuerySet:
        return books_with_state()


class MyLoans(LoginRequiredMixin, ListView):
    context_object_name = "loans"

    def get_queryset(self) -> QuerySet:
        return Loan.objects.open().filter(member__user=self.request.user).select_related("book")
