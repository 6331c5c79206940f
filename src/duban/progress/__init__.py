"""Periods, what each unit owes in them, its reports, its sign-off, and their review."""
