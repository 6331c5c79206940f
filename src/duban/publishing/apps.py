"""Publishing."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """Registers the app under its short name."""

    name = "duban.publishing"
    label = "publishing"
