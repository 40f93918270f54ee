"""A labelled corpus of migrations: cases, the project made of them, the proof of every label by execution.

Nothing here imports django_prodready: the corpus judges it.
"""
