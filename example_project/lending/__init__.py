"""The lending desk: authors, books with their covers, members and loans."""
