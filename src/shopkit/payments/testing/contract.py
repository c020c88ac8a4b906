"""What every gateway must do; run it on your own backend."""

from decimal import Decimal

import pytest

from shopkit.payments.backends.base import PaymentBackend, Started, StartRequest


class PaymentBackendContract:
    """Subclass it, give it your backend with its gateway answering well, and run pytest."""

    @pytest.fixture
    def backend(self) -> PaymentBackend:
        """The backend under test, its gateway answering well."""
        raise NotImplementedError

    @pytest.fixture
    def request_(self, backend: PaymentBackend) -> StartRequest:
        """An ordinary attempt, in a currency that the backend takes."""
        return StartRequest(
            payment_id="7d9f2c1e-0000-4000-8000-000000000001",
            order_number="7K3M9-QX2TD",
            amount=Decimal("150000.00"),
            currency=(backend.currencies or ("UZS",))[0],
            return_url="https://shop.example/thanks",
            cancel_url="https://shop.example/cart",
        )

    def test_says_how_customers_pay(self, backend: PaymentBackend) -> None:
        """The kind decides what a front end does next."""
        assert backend.kind in {"redirect", "client", "offline"}
        assert backend.name

    def test_a_start_returns_facts(self, backend: PaymentBackend, request_: StartRequest) -> None:
        """What is needed to go on is there."""
        started = backend.start(request_)
        assert isinstance(started, Started)
        assert backend.kind != "redirect" or started.redirect_url.startswith("http")
        assert backend.kind != "client" or started.client_secret

    def test_refuses_an_amount_of_nothing(self, backend: PaymentBackend) -> None:
        """Before anything is sent anywhere."""
        with pytest.raises(ValueError, match="amount"):
            backend.start(
                StartRequest(payment_id="1", order_number="1", amount=Decimal(0), currency="UZS")
            )
