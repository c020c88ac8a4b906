"""App configuration."""

from django.apps import AppConfig


class CustomUserConfig(AppConfig):
    """The site's own users."""

    name = "tests.sites.custom_user"
    label = "custom_user"
    default_auto_field = "django.db.models.BigAutoField"
