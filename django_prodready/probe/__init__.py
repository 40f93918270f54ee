"""Exec probes for Docker, kubelet and cron jobs: ``python -m django_prodready.probe``.

They start anew for every probe, so this room imports the standard library only, and little of that: no
``http.client`` (which imports ``email``), no ``argparse``, ``urllib``, ``typing`` or ``dataclasses``; ``ssl``
and ``json`` only when they are needed.
"""
