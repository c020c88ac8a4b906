"""The goods tower with notifications: mails and an inbox, no text messages, no Telegram."""

from tests.sites.goods.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "shopkit.notifications"]  # noqa: F405
