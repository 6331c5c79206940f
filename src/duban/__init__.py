"""Duban 督办: key-task lists from the official document to the year-end papers."""

__version__ = "0.1.0"
