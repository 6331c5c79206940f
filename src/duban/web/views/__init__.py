"""Views only translate: scope, form, one operation, response."""
