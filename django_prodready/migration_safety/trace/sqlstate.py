"""What kind of error PostgreSQL raised.

https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from __future__ import annotations


def sqlstate_of(error: BaseException | None) -> str | None:
    """Give the SQLSTATE of an error of Django's or of the driver's; None where there is none."""
    while error is not None:
        for name in ("sqlstate", "pgcode"):  # psycopg 3, psycopg2
            code = getattr(error, name, None)
            if code:
                return str(code)
        error = error.__cause__
    return None
