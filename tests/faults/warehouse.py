"""What hangs on an order outside of the shop: slow enough to be killed in the middle."""

import time

from celery import shared_task
from django.apps import AppConfig
from django.db import connection

from shopkit.sms.backends.base import Sent
from shopkit.sms.backends.file import FileBackend

SECONDS = 0.15

TABLES = """
    CREATE TABLE faults_told (order_id bigint PRIMARY KEY);
    CREATE TABLE faults_told_naively (order_id bigint);
    CREATE FUNCTION faults_order() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN PERFORM pg_notify('faults_order', ''); RETURN NULL; END $$;
    CREATE TRIGGER faults_order AFTER INSERT ON shopkit_orders_order
        FOR EACH ROW EXECUTE FUNCTION faults_order();
"""


class Warehouse(AppConfig):
    """Told of every order, by a durable fact and, for comparison, by a bare task."""

    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        """Subscribe."""
        from shopkit.orders.facts import order_placed

        order_placed.subscribe(tell)
        order_placed.subscribe(hand_over)


def tell(order_id: int) -> None:
    """Tell the warehouse, slowly; safe to run twice."""
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY faults_telling")
        time.sleep(SECONDS)
        cursor.execute(
            "INSERT INTO faults_told VALUES (%s) ON CONFLICT (order_id) DO NOTHING", [order_id]
        )


def hand_over(order_id: int) -> None:
    """Leave the telling to a task that believes in its broker."""
    tell_naively.delay(order_id)


@shared_task(acks_late=False, ignore_result=True)
def tell_naively(order_id: int) -> None:
    """Do what ``tell`` does, taken off the queue before it is done, and not safe to run twice."""
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY faults_telling_naively")
        time.sleep(SECONDS)
        cursor.execute("INSERT INTO faults_told_naively VALUES (%s)", [order_id])


class SlowSms(FileBackend):
    """A gateway that takes its time before it has the message."""

    def deliver(self, *, phone: str, text: str, reference: str) -> Sent:
        """Wait, then append the line."""
        time.sleep(SECONDS)
        return super().deliver(phone=phone, text=text, reference=reference)
