"""Settings of Celery, as far as they depend on which broker the environment names."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

# Seconds. A message that a dead worker had taken comes back after this; no task may take longer.
VISIBILITY_TIMEOUT = 3600
# Seconds. Nobody waits long for a broker that does not answer.
PATIENCE = 2


def broker(environment: Mapping[str, str]) -> str:
    """Return the broker's URL: CELERY_BROKER_URL, or else REDIS_URL; "" for none.

    An empty CELERY_BROKER_URL means that there are no workers, whatever REDIS_URL is.
    """
    return environment.get("CELERY_BROKER_URL", environment.get("REDIS_URL", ""))


def transport_options(url: str) -> dict[str, Any]:
    """Return what the broker's client is told. Each transport knows other words."""
    if urlsplit(url).scheme in {"redis", "rediss"}:
        return {
            "visibility_timeout": VISIBILITY_TIMEOUT,
            "socket_connect_timeout": PATIENCE,
            "socket_timeout": 10,
            "socket_keepalive": True,
            "health_check_interval": 30,
        }
    return {}
