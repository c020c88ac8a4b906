"""App configuration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo shop's own app: goods and people to look at, and the front page."""

    name = "demo"
