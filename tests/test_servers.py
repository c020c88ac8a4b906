"""The fixtures that stand for servers are what they say."""

import pytest
import redis

CONNECTS = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}


@pytest.mark.redis
def test_the_shared_server_is_clean_under_the_prefix(redis_url, redis_prefix):
    with redis.Redis.from_url(redis_url) as client:
        client.set(f"{redis_prefix}a", 1, ex=60)
        assert list(client.scan_iter(f"{redis_prefix}*")) == [f"{redis_prefix}a".encode()]


def test_a_private_server_can_be_frozen_stopped_and_started_empty(redis_server):
    redis_server.call("SET", "a", "1")

    redis_server.freeze()
    with (
        redis.Redis.from_url(redis_server.url, **CONNECTS, retry=None) as client,
        pytest.raises(redis.TimeoutError),
    ):
        client.get("a")
    redis_server.thaw()
    assert redis_server.call("GET", "a") == b"1"

    redis_server.stop()
    with pytest.raises(redis.ConnectionError):
        redis_server.call("PING")
    redis_server.start()
    assert redis_server.call("GET", "a") is None
