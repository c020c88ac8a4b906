"""Imports: how far each is, and what it had to tell."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def upload_path(_run: Any, _name: str) -> str:
    """Return where an uploaded file is kept for the time being: nobody can guess it."""
    return f"imports/{uuid4().hex}.upload"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """Sets of imports."""

    def unfinished(self) -> ImportRunQuerySet:
        """Begun, and not at their end."""
        return self.filter(status=ImportRun.Status.RUNNING)

    def ended(self) -> ImportRunQuerySet:
        """Through, stopped or called off."""
        return self.exclude(finished_at=None)


class ImportRun(models.Model):
    """One import of one file. What has been imported is committed together with ``position``.

    checksum -- SHA-256 of the file, by which an import that was interrupted is found again
    options -- {"stock": true} sets the stock of variants that exist; {"language": code} of names;
        {"told_in": code} is the language of messages
    upload -- the file itself, while it is needed; empty for imports by command
    position, total -- rows that have been dealt with, and all there are
    settled -- rows whose products have their pictures, too, where these are fetched
    created, updated, unchanged, failed -- products, categories or variants
    errors, notes -- messages there were; of very many only the first are kept
    preview -- of an upload that waits for a word, what its first rows would do: {"report":
        numbers, "messages": [{"line", "text", "is_error"}], "rows": [{"line", "subject",
        "outcome"}]}
    problem -- why it was stopped
    """

    class Kind(models.TextChoices):
        """What is imported."""

        PRODUCTS = "products", _("products")
        STOCK = "stock", _("stock")
        PRICES = "prices", _("prices")
        CATEGORIES = "categories", _("categories")

    class Status(models.TextChoices):
        """How it stands."""

        NEW = "new", _("waits for confirmation")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    format = models.CharField(_("format"), max_length=50)
    file_name = models.CharField(_("file"), max_length=200)
    upload = models.FileField(upload_to=upload_path, blank=True, editable=False)
    checksum = models.CharField(max_length=64, db_index=True, editable=False)
    options = models.JSONField(_("options"), default=dict, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices)
    position = models.PositiveBigIntegerField(_("rows dealt with"), default=0)
    total = models.PositiveBigIntegerField(_("rows"), default=0)
    settled = models.PositiveBigIntegerField(default=0, editable=False)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    errors = models.PositiveIntegerField(_("errors"), default=0)
    notes = models.PositiveIntegerField(_("notes"), default=0)
    preview = models.JSONField(_("preview"), default=dict, blank=True)
    problem = models.TextField(_("problem"), blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    updated_at = models.DateTimeField(_("last step at"), auto_now=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(position__lte=F("total")), name="shopkit_importrun_position_lte_total"
            ),
            models.CheckConstraint(
                condition=Q(status__in=("new", "running", "done", "stopped", "cancelled")),
                name="shopkit_importrun_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("new", "running"), finished_at=None)
                | Q(status__in=("done", "stopped", "cancelled"), finished_at__isnull=False),
                name="shopkit_importrun_finished_when_over",
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_kind_display()})"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.finished_at is not None

    @property
    def percent(self) -> int:
        """How far it is."""
        return 100 * self.position // self.total if self.total else int(self.is_over) * 100


class ImportMessage(models.Model):
    """Something to know about one line of an import.

    cells -- with the first error of a subject, the file's header and all its rows there: lists of
        texts, because the order of columns counts
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="messages")
    line = models.PositiveBigIntegerField(_("line"))
    text = models.TextField(_("message"))
    is_error = models.BooleanField(_("error"), default=True)
    cells = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("message of an import")
        verbose_name_plural = _("messages of imports")
        ordering = ("run_id", "pk")

    def __str__(self) -> str:
        return f"{self.line}: {self.text}"

    @property
    def source(self) -> list[dict[str, str]]:
        """The rows by the names of the columns."""
        return [dict(zip(self.cells[0], row, strict=True)) for row in self.cells[1:]]
