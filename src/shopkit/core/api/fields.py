"""Serializer bases and fields of the house."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from shopkit.core.conf import core_settings
from shopkit.core.money import LARGEST, format_amount, round_money
from shopkit.core.phones import normalise_phone

LARGEST_KEY = 2**63 - 1


class StrictInput(serializers.Serializer[Any]):
    """Input of money and identity calls: a member we do not read is refused, not ignored."""

    default_error_messages = {  # noqa: RUF012 - DRF's form
        "unknown_member": _("There is no such member."),
    }

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated members. Raises ValidationError naming each unknown one."""
        readable = {name for name, field in self.fields.items() if not field.read_only}
        if isinstance(data, dict) and (unknown := sorted(map(str, data.keys() - readable))):
            wrong = ErrorDetail(str(self.error_messages["unknown_member"]), "unknown_member")
            raise serializers.ValidationError(dict.fromkeys(unknown, wrong))
        return super().to_internal_value(data)


class KeyField(serializers.IntegerField):
    """A primary key of ours: a whole number the database can hold."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": LARGEST_KEY, **kwargs})


class MoneyInput(serializers.DecimalField):
    """An amount in the shop's currency, at most as fine as its minor unit, not negative."""

    default_error_messages = {  # noqa: RUF012 - DRF's form
        "too_fine": _("This is finer than the smallest unit of {currency}."),
    }

    def __init__(self, **kwargs: Any) -> None:
        fixed = {
            "max_digits": 19,
            "decimal_places": 4,
            "min_value": Decimal(0),
            "max_value": LARGEST,
        }
        super().__init__(**{**fixed, **kwargs})

    def to_internal_value(self, data: Any) -> Decimal:
        """Return the amount."""
        amount = super().to_internal_value(data)
        currency = core_settings().CURRENCY
        if round_money(amount, currency) != amount:
            self.fail("too_fine", currency=currency)
        return amount


@extend_schema_field({"type": "string", "format": "decimal", "examples": ["150000.00"]})
class MoneyOutput(serializers.Field[Any, Any, str, Any]):
    """A money string with exactly the currency's digits.

    The currency is that of the object whose amount it is, where it has one, or the shop's.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"read_only": True, **kwargs})

    def get_attribute(self, instance: Any) -> str | None:
        """Return the amount as the contract's string, or None."""
        amount = super().get_attribute(instance)
        if amount is None:
            return None
        is_dict = isinstance(instance, Mapping)
        own = instance.get("currency") if is_dict else getattr(instance, "currency", None)
        return format_amount(amount, own or core_settings().CURRENCY)

    def to_representation(self, value: Decimal | str) -> str:
        """Return the contract's string; an amount in a list has no currency but the shop's."""
        return value if isinstance(value, str) else format_amount(value, core_settings().CURRENCY)


class PhoneInput(serializers.CharField):
    """A phone number in any usual spelling; E.164 comes out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 32, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        """Return E.164."""
        try:
            return normalise_phone(super().to_internal_value(data))
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages, code=error.code) from error
