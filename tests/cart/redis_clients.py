"""Clients that a store under test is given by dotted path."""

import os

import fakeredis
from redis.cluster import RedisCluster

FAKE = fakeredis.FakeServer()


def fake() -> fakeredis.FakeRedis:
    """A Redis that is only pretended."""
    return fakeredis.FakeRedis(server=FAKE)


def fake_of_texts() -> fakeredis.FakeRedis:
    """The same, answering in texts."""
    return fakeredis.FakeRedis(server=FAKE, decode_responses=True)


def cluster() -> RedisCluster:
    """The cluster that the test named in its environment."""
    return RedisCluster.from_url(os.environ["TEST_REDIS_CLUSTER"], socket_timeout=1)
