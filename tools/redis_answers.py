"""Say whether the Redis server that REDIS_URL names answers; exit 1 with why not."""

import os
import sys

import redis
from database_answers import patiently


def why_not(url: str) -> str:
    """Return what keeps us from a PONG of ``url``, or ""."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as client:
            client.ping()
    except redis.RedisError as error:
        return str(error).strip()
    except ValueError:
        return "it does not read as redis://user:password@host:port/number"
    return ""


def main() -> str | None:
    url = os.environ.get("REDIS_URL", "")
    if not url.startswith(("redis://", "rediss://", "unix://")):
        return "REDIS_URL must name a Redis server: redis://user:password@host:port/number"
    if reason := patiently(why_not, url):
        return f"Redis (REDIS_URL) does not answer: {reason}"
    return None


if __name__ == "__main__":
    sys.exit(main())
