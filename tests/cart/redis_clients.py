"""Clients that a store under test is given by dotted path."""

import fakeredis

FAKE = fakeredis.FakeServer()


def fake() -> fakeredis.FakeRedis:
    """A Redis that is only pretended."""
    return fakeredis.FakeRedis(server=FAKE)
