"""Imports in the admin: upload, look, confirm, watch, correct."""

# mypy: disable-error-code="type-arg"

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shopkit.catalog.availability import availability
from shopkit.catalog.imports.errors_file import error_rows
from shopkit.catalog.imports.uploads import (
    MOST_SHOWN,
    PREVIEW_ROWS,
    cancel_run,
    confirm_run,
    take_upload,
)
from shopkit.catalog.models import ImportRun

from .exporting import EXPORTS, download
from .import_forms import UploadForm

APP = "shopkit_catalog"
# {what: what staff must hold to import it, to export it}
NEEDED = {
    "products": ((f"{APP}.add_product", f"{APP}.change_product"), f"{APP}.view_product"),
    "prices": ((f"{APP}.change_variant",), f"{APP}.view_variant"),
    "stock": ((f"{APP}.change_variant",), f"{APP}.view_variant"),
    "categories": ((f"{APP}.add_category", f"{APP}.change_category"), f"{APP}.view_category"),
}
REFRESH = 3  # seconds


def may_import(request: HttpRequest, kind: str) -> bool:
    """Say whether who asks may import files of this kind."""
    needed, _export = NEEDED[kind]
    if kind == ImportRun.Kind.STOCK:
        needed = (*needed, availability().staff_permission)
    return request.user.has_perms(needed)


@admin.register(ImportRun)
class ImportRunAdmin(admin.ModelAdmin):
    """Imports there were, and the way to a new one. Nobody edits them."""

    list_display = ("file_name", "kind", "status", "progress", "failed", "started_by", "created_at")
    list_filter = ("kind", "status")
    list_select_related = ("started_by",)
    search_fields = ("file_name",)
    ordering = ("-pk",)

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, run: ImportRun) -> str:
        """Show how far it is."""
        return f"{run.percent} %"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        """Show the kinds that one may import."""
        kinds = [kind for kind in NEEDED if may_import(request, kind)]
        return ImportRun.objects.filter(kind__in=kinds)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show it to whoever may import something."""
        return any(may_import(request, kind) for kind in NEEDED)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Show what one may import oneself."""
        return may_import(request, obj.kind) if obj else self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let in who may import something; the page asks for more."""
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Old ones go by themselves."""
        return False

    def get_urls(self) -> list[Any]:
        """Add what is done with a run, and the exports."""
        wrap = self.admin_site.admin_view
        own: list[tuple[str, Callable[..., HttpResponseBase], str]] = [
            ("<int:pk>/confirm/", require_POST(self.confirm_view), "confirm"),
            ("<int:pk>/cancel/", require_POST(self.cancel_view), "cancel"),
            ("<int:pk>/errors/", self.errors_view, "errors"),
            ("export/<slug:kind>/<slug:format>/", self.export_view, "export"),
        ]
        return [
            *(path(at, wrap(view), name=f"{APP}_importrun_{name}") for at, view, name in own),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Ask for a file, keep it and show what its first rows would do."""
        kind = request.GET.get("kind", "products")
        if kind not in NEEDED:
            raise Http404
        if not may_import(request, kind):
            raise PermissionDenied
        form = UploadForm(
            request.POST or None,
            request.FILES or None,
            kind=kind,
            sets_stock=availability().counts and may_import(request, "stock"),
        )
        if form.is_valid():
            try:
                run = take_upload(form.cleaned_data["file"], form.order, user=request.user)
            except ValidationError as error:
                form.add_error("file", error)
            else:
                return HttpResponseRedirect(self._page_of(run))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": TITLES[kind],
            "form": form,
            "kind": kind,
            "columns": COLUMNS[kind],
            "kinds": [(one, TITLES[one]) for one in NEEDED if may_import(request, one)],
        }
        return TemplateResponse(request, f"admin/{APP}/importrun/upload.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a run: what it would do, how far it is, or what has become of it."""
        run = self._find(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(run),
            "run": run,
            "refresh": REFRESH if run.status == ImportRun.Status.RUNNING else 0,
            "seconds_left": _seconds_left(run),
            "told": run.messages.all()[:MOST_SHOWN],
            "has_errors_file": run.messages.filter(is_error=True).exists(),
            "most_shown": MOST_SHOWN,
            "preview_rows": min(PREVIEW_ROWS, run.total),
        }
        return TemplateResponse(request, f"admin/{APP}/importrun/run.html", context)

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let it begin."""
        run = self._find(request, pk)
        if not confirm_run(run):
            self.message_user(request, _("It has begun, or was cancelled."), messages.WARNING)
        return HttpResponseRedirect(self._page_of(run))

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End it; what is in stays."""
        run = self._find(request, pk)
        if not cancel_run(run):
            self.message_user(request, _("It was over already."), messages.WARNING)
        return HttpResponseRedirect(self._page_of(run))

    def errors_view(self, request: HttpRequest, pk: int) -> Any:
        """Download the rows that failed, to correct them."""
        run = self._find(request, pk)
        errors: Any = run.messages.filter(is_error=True).iterator()
        return download(error_rows(errors), name=f"errors-{run.pk}")

    def export_view(self, request: HttpRequest, kind: str, format: str) -> Any:
        """Download all products, prices, stock or categories."""
        if (kind, format) not in EXPORTS:
            raise Http404
        _import, needed = NEEDED[kind]
        if not request.user.has_perm(needed):
            raise PermissionDenied
        return download(EXPORTS[kind, format](None), name=kind)

    def _find(self, request: HttpRequest, pk: Any) -> ImportRun:
        try:
            run: ImportRun = get_object_or_404(self.get_queryset(request), pk=pk)
        except ValueError as error:
            raise Http404 from error
        return run

    def _page_of(self, run: ImportRun) -> str:
        name = f"{self.admin_site.name}:{APP}_importrun_change"
        return reverse(name, args=[run.pk])


TITLES = {
    "products": gettext_lazy("Import products"),
    "prices": gettext_lazy("Import prices"),
    "stock": gettext_lazy("Import stock"),
    "categories": gettext_lazy("Import categories"),
}
COLUMNS = {
    "products": "slug, name, description, type, categories, sku, price, sale_price, stock",
    "prices": "sku, price, sale_price",
    "stock": "sku, on_hand, expected",
    "categories": "slug, name, parent_slug, position, is_active",
}


def _seconds_left(run: ImportRun) -> int | None:
    """Return how long it takes at its pace so far; None while nobody knows."""
    if run.status != ImportRun.Status.RUNNING or not run.position or run.started_at is None:
        return None
    spent = (timezone.now() - run.started_at).total_seconds()
    return round(spent / run.position * (run.total - run.position))
