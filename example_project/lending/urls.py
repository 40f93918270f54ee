"""The catalogue's addresses."""

from django.urls import path

from lending import views

app_name = "lending"
urlpatterns = [
    path("", views.BookList.as_view(), name="books"),
    path("books/<int:pk>/", views.BookDetail.as_view(), name="book"),
    path("my-loans/", views.MyLoans.as_view(), name="my-loans"),
]
