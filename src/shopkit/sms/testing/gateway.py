"""A gateway on loopback, under the name that sites import it by."""

from shopkit.core.testing.gateway import FakeGateway, Recorded, Reply

__all__ = ["FakeGateway", "Recorded", "Reply"]
