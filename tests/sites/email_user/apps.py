"""App configuration."""

from django.apps import AppConfig


class EmailUserConfig(AppConfig):
    """The site's own users."""

    name = "tests.sites.email_user"
    label = "email_user"
    default_auto_field = "django.db.models.BigAutoField"
