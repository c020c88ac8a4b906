"""The people tower with notifications: a greeting in the inbox."""

from tests.sites.people.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "shopkit.notifications"]  # noqa: F405
