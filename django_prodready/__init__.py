"""Make a Django project fit for production, and prove it.

Importing this package touches no settings and no other package.
"""

__version__ = "0.1.0"
