"""Triggers that write down, in PostgreSQL, which products' facets a transaction has changed.

The database does it and not the services, because a web process counts from what it remembers:
one writer who forgot to say so, an import by SQL or a hand in psql, and every count would be wrong
without anybody noticing. A statement that changes nothing that facets are counted from writes
nothing.
"""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import connections, transaction

FUNCTION = "shopkit_catalog_note_facets"
NAME = "shopkit_facets_{event}"
EVENTS = ("insert", "update", "delete", "truncate")

# The products that a statement has touched: old and new rows of the table, by event.
OF_PRODUCTS = {
    "insert": "SELECT id FROM after",
    "delete": "SELECT id FROM before",
    "update": """
        SELECT coalesce(after.id, before.id) FROM after FULL JOIN before ON before.id = after.id
        WHERE (after.is_active, after.price_min, after.rating_avg, after.in_stock, after.on_sale)
            IS DISTINCT FROM
            (before.is_active, before.price_min, before.rating_avg, before.in_stock, before.on_sale)
    """,
}
OF_ROWS = {
    "insert": "SELECT product_id FROM after",
    "delete": "SELECT product_id FROM before",
    "update": "SELECT product_id FROM after UNION SELECT product_id FROM before",
}
OF_VARIANTS = {
    "delete": OF_ROWS["delete"],
    "update": """
        SELECT unnest(ARRAY[after.product_id, before.product_id])
        FROM after JOIN before ON before.id = after.id
        WHERE (after.is_active, after.product_id)
            IS DISTINCT FROM (before.is_active, before.product_id)
    """,
}
OF_VARIANT_ROWS = {
    event: f"SELECT product_id FROM {{variant}} WHERE id IN ({touched})"  # noqa: S608 - our names
    for event, touched in {
        "insert": "SELECT variant_id FROM after",
        "delete": "SELECT variant_id FROM before",
        "update": "SELECT variant_id FROM after UNION SELECT variant_id FROM before",
    }.items()
}
# NULL: everything. Whether lists can be filtered by an attribute concerns all who have it.
OF_ATTRIBUTES = {
    "update": """
        SELECT NULL::bigint FROM after JOIN before ON before.id = after.id
        WHERE after.is_filterable <> before.is_filterable
    """,
}
EVERYTHING = "SELECT NULL::bigint"
# What somebody may not have read yet and is thrown away; the purge deletes what is older.
OF_CHANGES = {
    "delete": f"{EVERYTHING} FROM before WHERE changed_at > now() - interval '12 hours'",
}
WATCHED: Mapping[str, Mapping[str, str]] = {
    "product": {**OF_PRODUCTS, "truncate": EVERYTHING},
    "listing": {**OF_ROWS, "truncate": EVERYTHING},
    "productattributevalue": {**OF_ROWS, "truncate": EVERYTHING},
    "variant": {**OF_VARIANTS, "truncate": EVERYTHING},
    "variantattributevalue": {**OF_VARIANT_ROWS, "truncate": EVERYTHING},
    "attribute": OF_ATTRIBUTES,
    "facetchange": {**OF_CHANGES, "truncate": EVERYTHING},
}
REFERENCING = {
    "insert": "REFERENCING NEW TABLE AS after",
    "delete": "REFERENCING OLD TABLE AS before",
    "update": "REFERENCING OLD TABLE AS before NEW TABLE AS after",
    "truncate": "",
}


# Whoever writes has a search path of his own, and a dump that is restored has none.
MAKE_FUNCTION = """
    CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
    LANGUAGE plpgsql SET search_path FROM CURRENT AS $$ BEGIN
        INSERT INTO {facetchange} (transaction, product_key, changed_at)
            SELECT DISTINCT pg_current_xact_id()::text::bigint, touched.key, now()
            FROM ({touched}) AS touched (key);
        RETURN NULL;
    END $$"""
DROP_TRIGGER = "DROP TRIGGER IF EXISTS {trigger} ON {table}"
MAKE_TRIGGER = """
    CREATE TRIGGER {trigger} AFTER {event} ON {table} {referencing}
    FOR EACH STATEMENT EXECUTE FUNCTION {function}()"""
NOTE_EVERYTHING = """
    INSERT INTO {facetchange} (transaction, product_key, changed_at)
    VALUES (pg_current_xact_id()::text::bigint, NULL, now())"""
FIND_TRIGGERS = """
    SELECT tgrelid, tgname FROM pg_trigger
    WHERE tgname LIKE 'shopkit\\_facets\\_%' AND tgenabled IN ('O', 'A')"""


def install(using: str) -> None:
    """Make the triggers, or make them anew, and let everybody read everything again."""
    if connections[using].vendor != "postgresql":
        return
    names = tables(using)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for model, event in pairs():
            words = {
                **names,
                "table": names[model],
                "event": event.upper(),
                "trigger": NAME.format(event=event),
                "function": _function(model, event),
                "referencing": REFERENCING[event],
                "touched": WATCHED[model][event].format(**names),
            }
            for statement in (MAKE_FUNCTION, DROP_TRIGGER, MAKE_TRIGGER):
                cursor.execute(statement.format(**words))
        cursor.execute(NOTE_EVERYTHING.format(**names))


def remove(using: str) -> None:
    """Take the triggers away."""
    if connections[using].vendor != "postgresql":
        return
    with connections[using].cursor() as cursor:
        for model, event in pairs():
            cursor.execute(f"DROP FUNCTION IF EXISTS {_function(model, event)}() CASCADE")


def missing(using: str) -> list[str]:
    """Return "table: event" of every trigger that is not there, or that is switched off."""
    names = tables(using)
    keys_of = ", ".join(f"'{names[model]}'::regclass::oid" for model in WATCHED)
    with connections[using].cursor() as cursor:
        cursor.execute(FIND_TRIGGERS)
        found = set(cursor.fetchall())
        cursor.execute(f"SELECT {keys_of}")
        keys = dict(zip(WATCHED, cursor.fetchone(), strict=True))
    return [
        f"{model}: {event}"
        for model, event in pairs()
        if (keys[model], NAME.format(event=event)) not in found
    ]


def pairs() -> list[tuple[str, str]]:
    """Return (model, event) of every trigger."""
    return [(model, event) for model, events in WATCHED.items() for event in events]


def _function(model: str, event: str) -> str:
    return f"{FUNCTION}_{model}_{event}"


def tables(using: str) -> dict[str, str]:
    """Return the quoted tables of the catalogue by model."""
    quote: Any = connections[using].ops.quote_name
    config = apps.get_app_config("shopkit_catalog")
    return {
        str(model._meta.model_name): quote(model._meta.db_table)
        for model in config.get_models(include_auto_created=True)
    }
