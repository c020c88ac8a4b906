"""The address book over HTTP."""

# ruff: noqa: RUF012 - the base class declares these constants ClassVar

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.accounts.models import Address
from shopkit.accounts.services import addresses
from shopkit.core.api.fields import LARGEST_KEY, StrictInput
from shopkit.core.api.permissions import IsAuthenticated
from shopkit.core.api.views import ShopkitView


@extend_schema_serializer(component_name="AddressBookInput")
class AddressInput(StrictInput):
    """Where things are brought to."""

    label = serializers.CharField(  # type: ignore[assignment] # a member of the body
        max_length=100, required=False, allow_blank=True, help_text='Such as "home".'
    )
    country = serializers.CharField(max_length=100, required=False, allow_blank=True)
    region = serializers.CharField(max_length=100, required=False, allow_blank=True)
    city = serializers.CharField(max_length=100)
    street = serializers.CharField(max_length=300)
    postal_code = serializers.CharField(max_length=20, required=False, allow_blank=True)
    latitude = serializers.DecimalField(
        max_digits=9,
        decimal_places=6,
        min_value=-90,
        max_value=90,
        required=False,
        allow_null=True,
    )
    longitude = serializers.DecimalField(
        max_digits=9,
        decimal_places=6,
        min_value=-180,
        max_value=180,
        required=False,
        allow_null=True,
    )
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    is_default = serializers.BooleanField(required=False)


class AddressOutput(serializers.ModelSerializer[Address]):
    """An entry of one's own address book."""

    latitude = serializers.FloatField(allow_null=True, read_only=True)
    longitude = serializers.FloatField(allow_null=True, read_only=True)

    class Meta:
        model = Address
        fields = (
            "id",
            "label",
            "country",
            "region",
            "city",
            "street",
            "postal_code",
            "latitude",
            "longitude",
            "note",
            "is_default",
        )


class AddressListView(ShopkitView):
    """GET one's addresses, the default first; POST another one, the first becomes the default."""

    permission_classes = (IsAuthenticated,)
    queryset = Address.objects.none()  # whose rows these are, for the documentation
    input_classes = {"POST": AddressInput}
    output_classes = {"GET": AddressOutput, "POST": AddressOutput}
    is_list = True
    pagination_class = None
    tags = ("Accounts",)

    def get(self, request: Request) -> Response:
        """List own addresses."""
        user: Any = request.user
        own = Address.objects.filter(user=user)
        return self.write(self.filter_queryset(own)[: addresses.MOST_ADDRESSES], many=True)

    def post(self, request: Request) -> Response:
        """Add an address."""
        return self.write(addresses.add_address(request.user, **self.read(request)))


class AddressView(ShopkitView):
    """GET, PATCH or DELETE (204) one of one's own addresses."""

    permission_classes = (IsAuthenticated,)
    input_classes = {"PATCH": AddressInput}
    output_classes = {"GET": AddressOutput, "PATCH": AddressOutput}
    tags = ("Accounts",)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Know no address that the database cannot hold."""
        super().initial(request, *args, **kwargs)
        if kwargs["pk"] > LARGEST_KEY:
            raise Http404

    def get(self, request: Request, pk: int) -> Response:
        """Show an address."""
        user: Any = request.user
        found = Address.objects.filter(user=user, pk=pk).first()
        if found is None:
            raise Http404
        return self.write(found)

    def patch(self, request: Request, pk: int) -> Response:
        """Change an address."""
        values = self.read(request)
        try:
            return self.write(addresses.change_address(request.user, pk=pk, **values))
        except Address.DoesNotExist:
            raise Http404 from None

    def delete(self, request: Request, pk: int) -> Response:
        """Remove an address."""
        try:
            addresses.remove_address(request.user, pk=pk)
        except Address.DoesNotExist:
            raise Http404 from None
        return Response(status=204)
