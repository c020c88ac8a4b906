"""Probes of core: settings, the schema, facts on their way, idempotency keys."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.checks import ERROR, WARNING, run_checks
from django.db import connections, router
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Exists, ForeignKey, Model, OuterRef
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from shopkit.core.models import Delivery, IdempotencyKey

from .register import Finding, probe
from .snapshot import our_databases

# A busy relay, a restart or a cron job may be a little late without anything being wrong.
GRACE = timedelta(minutes=15)


@probe("core.settings", remedy="Mend the setting as the message says; `manage.py check` agrees.")
def settings() -> Iterator[Finding]:
    """Every section of SHOPKIT is valid, what it names by dotted path loads, backends build."""
    for message in run_checks(tags=["shopkit"]):
        if message.level >= WARNING and not message.is_silenced():
            hint = f" {message.hint}" if message.hint else ""
            yield Finding(
                message.id or "a system check",
                f"{message.msg}{hint}",
                is_warning=message.level < ERROR,
            )


@probe("core.migrations", remedy="Run `manage.py migrate`.")
def migrations() -> Iterator[Finding]:
    """Every migration of ours has been applied."""
    for alias in our_databases():
        executor = MigrationExecutor(connections[alias])
        leaves = [
            leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0].startswith("shopkit_")
        ]
        for migration, _backwards in executor.migration_plan(leaves):
            yield Finding(f"migration {migration}", "is not applied")


@probe(
    "core.constraints",
    remedy="Put it back as its migration made it. Until then nothing but code guards the rule.",
)
def constraints() -> Iterator[Finding]:
    """Every constraint of ours stands in the database: checks, unique and foreign keys."""
    for model in _our_models():
        connection = connections[router.db_for_read(model)]
        table = model._meta.db_table
        with connection.cursor() as cursor:
            there = connection.introspection.get_constraints(cursor, table)
            unproven = _unproven(connection, cursor, table)
        for name in [one.name for one in model._meta.constraints if one.name not in there]:
            yield Finding(f"table {table}", f"has no constraint {name}")
        for field in _missing_keys(model, there.values()):
            yield Finding(f"table {table}", f"has no key on {field.column}")
        for name in unproven:
            yield Finding(f"table {table}", f"has never proven its constraint {name} (NOT VALID)")


@probe(
    "core.references",
    remedy="Somebody wrote with foreign keys switched off: restore the row that is missing, or "
    "delete the one that points at it.",
)
def references() -> Iterator[Finding]:
    """Every row of ours that points at another finds it, users among them."""
    for model in _our_models():
        for field in _foreign_keys(model):
            target: Any = field.remote_field.model
            if router.db_for_read(target) != router.db_for_read(model):
                continue
            name = field.target_field.attname
            there = target._base_manager.filter(**{name: OuterRef(field.attname)})
            rows = model._base_manager.filter(**{f"{field.attname}__isnull": False})
            lost = rows.exclude(Exists(there)).order_by("pk").values_list("pk", field.attname)
            for pk, key in lost.iterator():
                yield Finding(f"{model._meta.label} {pk}", f"{field.name} {key} does not exist")


@probe(
    "core.facts_overdue",
    remedy="Nobody delivers. Start the web process, worker or cron job that does, or run "
    "`manage.py shopkit_deliver` now.",
)
def facts_overdue() -> Iterator[Finding]:
    """No announced fact has been due for a quarter of an hour without anybody trying."""
    late = Delivery.objects.due().filter(due_at__lt=Now() - GRACE).order_by("pk")
    for pk, fact, subscriber, due_at in late.values_list(
        "pk", "fact", "subscriber", "due_at"
    ).iterator():
        yield Finding(f"delivery {pk}", f"{fact} → {subscriber} is due since {due_at:%F %T %Z}")


@probe(
    "core.facts_parked",
    remedy="Mend the cause, then choose “Try parked deliveries again” in the admin, or delete the "
    "row.",
)
def facts_parked() -> Iterator[Finding]:
    """No announced fact waits for a person, its tries used up."""
    parked = Delivery.objects.parked().order_by("pk")
    for pk, fact, subscriber in parked.values_list("pk", "fact", "subscriber").iterator():
        yield Finding(f"delivery {pk}", f"{fact} → {subscriber} is parked", is_warning=True)


@probe(
    "core.subscribers",
    remedy="Bring the function back under its old path until its rows are delivered.",
)
def subscribers() -> Iterator[Finding]:
    """Every subscriber that a fact is on its way to can be imported."""
    waiting = Delivery.objects.pending().order_by("subscriber")
    for path, count in waiting.values_list("subscriber").annotate(count=Count("pk")):
        try:
            import_string(path)
        except ImportError as error:
            yield Finding(f"subscriber {path}", f"{count} rows wait for it: {error}")


@probe(
    "core.idempotency",
    remedy="A call with this key broke off. See from its order and payments what came of it; "
    "the client may repeat it, and the key goes when it expires.",
)
def idempotency() -> Iterator[Finding]:
    """Every key that was committed has its answer, or its call is still running."""
    silent = IdempotencyKey.objects.filter(body="", expires_at__gt=Now()).order_by("pk")
    for pk in silent.filter(running_until=None).values_list("pk", flat=True).iterator():
        yield Finding(f"key {pk}", "was committed without an answer")
    late = silent.filter(running_until__lt=Now() - GRACE)
    for pk, until in late.values_list("pk", "running_until").iterator():
        yield Finding(
            f"key {pk}", f"its call should have ended by {until:%F %T %Z}", is_warning=True
        )


def _our_models() -> list[type[Model]]:
    ours = [one for one in apps.get_app_configs() if one.label.startswith("shopkit_")]
    found = [model for app in ours for model in app.get_models(include_auto_created=True)]
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def _foreign_keys(model: type[Model]) -> list[Any]:
    fields = model._meta.local_concrete_fields
    return [one for one in fields if isinstance(one, ForeignKey)]


def _missing_keys(model: type[Model], there: Any) -> Iterator[Any]:
    held = {tuple(one["columns"] or ()) for one in there if one["unique"] or one["primary_key"]}
    pointing = {tuple(one["columns"] or ()) for one in there if one["foreign_key"]}
    for field in model._meta.local_concrete_fields:
        is_missing = field.unique and (field.column,) not in held
        is_loose = isinstance(field, ForeignKey) and getattr(field, "db_constraint", True)
        if is_missing or (is_loose and (field.column,) not in pointing):
            yield field


def _unproven(connection: Any, cursor: Any, table: str) -> list[str]:
    """Return the constraints that hold for new rows only, as PostgreSQL can have them."""
    if connection.vendor != "postgresql":
        return []
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(%s) AND NOT convalidated",
        [connection.ops.quote_name(table)],
    )
    return [name for (name,) in cursor.fetchall()]
