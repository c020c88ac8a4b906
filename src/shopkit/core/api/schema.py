"""OpenAPI from what the views say about themselves: serializers, filters, statuses, rules."""

from typing import Any

from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.permissions import AllowAny

SAFE = {"GET", "HEAD", "OPTIONS"}
PROBLEM = "application/problem+json"


class FieldProblemOutput(serializers.Serializer[Any]):
    """One wrong field."""

    attr = serializers.CharField(help_text="Dotted path of the member, empty for the whole body.")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemOutput(serializers.Serializer[Any]):
    """An error, RFC 9457. ``code`` is stable; a refusal adds members a program needs."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = FieldProblemOutput(many=True, required=False)  # type: ignore[assignment]


class StrictFilterExtension(DjangoFilterExtension):  # type: ignore[no-untyped-call]
    """Describes a view's ``filterset_class``; the view needs no queryset of its own for it."""

    target_class = "shopkit.core.api.filters.StrictFilterBackend"
    priority = 1

    def get_schema_operation_parameters(
        self, auto_schema: AutoSchema, *args: Any, **kwargs: Any
    ) -> list[dict[str, Any]]:
        """Return the query parameters."""
        filters = getattr(auto_schema.view, "filterset_class", None)
        if filters is None:
            return []
        model = filters._meta.model
        return [
            parameter
            for name, one in filters.base_filters.items()
            for parameter in self.resolve_filter_field(  # type: ignore[no-untyped-call]
                auto_schema, model, filters, name, one
            )
        ]


class ShopkitSchema(AutoSchema):
    """Reads ``input_classes``, ``output_classes`` and their neighbours from the view."""

    view: Any  # a ShopkitView, which imports this module

    def get_tags(self) -> list[str]:
        """Group operations under the view's heading."""
        return list(self.view.tags) or super().get_tags()

    def get_operation_id(self) -> str:
        """Name an operation after its URL name and method: ``product_list_get``."""
        name = getattr(self.view, "route_name", type(self.view).__name__)
        return f"{name}_{self.method}".replace("-", "_").lower()

    def get_request_serializer(self) -> Any:
        """Return what the method reads."""
        return self.view.input_classes.get(self.method)

    def get_paginated_name(self, serializer_name: str) -> str:
        """Name a page after its rows, and after what stands beside them."""
        name = super().get_paginated_name(serializer_name)
        return name + "".join(f"With{one.capitalize()}" for one in self.view.beside_classes)

    def _get_paginator(self) -> Any:
        paginator: Any = super()._get_paginator()  # type: ignore[no-untyped-call]
        if paginator:
            paginator.beside = {
                name: self.resolve_serializer(shown, "response").ref
                for name, shown in self.view.beside_classes.items()
            }
        return paginator

    def get_response_serializers(self) -> Any:
        """Return what the method answers, its problems included."""
        status = self.view.success_status(self.method)
        shown = self.view.output_classes.get(self.method)
        answers: dict[Any, Any] = {status: shown or OpenApiResponse(description="Done.")}
        for other in getattr(self.view, "other_statuses", {}).get(self.method, ()):
            answers[other] = shown
        for code in sorted(self._problems()):
            answers[(code, PROBLEM)] = ProblemOutput
        return answers

    def _problems(self) -> set[int]:
        codes = {400, 429, 500, 503}
        if self._needs_credentials():
            codes |= {401, 403}
        elif self.view.get_authenticators():
            codes.add(401)
        if "{" in self.path or self.view.is_list:
            codes.add(404)
        if self.method not in SAFE:
            codes |= {404, 409, 413, 415}
        if getattr(self.view, "is_idempotent", False):
            codes.add(422)
        return codes

    def _needs_credentials(self) -> bool:
        return not any(isinstance(rule, AllowAny) for rule in self.view.get_permissions())

    def _is_list_view(self, serializer: Any = None) -> bool:
        return bool(self.view.is_list and self.method == "GET")
