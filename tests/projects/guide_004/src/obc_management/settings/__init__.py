"""Without a choice of its own, a process gets the base settings."""

from .base import *
