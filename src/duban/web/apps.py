"""The web app: pages for people."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the app under its short name."""

    name = "duban.web"
    label = "web"
