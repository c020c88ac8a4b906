from django.db import migrations, models

BATCH = 1000


def number_turns(apps, schema_editor):
    """Number the orders of each cart's owner from 1; what they ordered left its cart long ago."""
    Order = apps.get_model("shopkit_orders", "Order")
    rows = Order.objects.using(schema_editor.connection.alias)
    owner, turn, batch = None, 0, []
    for order in rows.order_by("cart_owner", "pk").only("pk", "cart_owner").iterator(BATCH):
        turn = turn + 1 if order.cart_owner == owner else 1
        owner, order.cart_turn, order.is_in_cart = order.cart_owner, turn, False
        batch.append(order)
        if len(batch) == BATCH:
            rows.bulk_update(batch, ["cart_turn", "is_in_cart"])
            batch = []
    rows.bulk_update(batch, ["cart_turn", "is_in_cart"])


class Migration(migrations.Migration):

    dependencies = [
        ('shopkit_orders', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='cart_turn',
            field=models.PositiveIntegerField(default=0, editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='order',
            name='is_in_cart',
            field=models.BooleanField(default=True, editable=False),
        ),
        migrations.RunPython(number_turns, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(fields=('cart_owner', 'cart_turn'), name='shopkit_order_once_per_cart_turn'),
        ),
    ]
