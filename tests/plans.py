"""A shop that has been open for years, made in seconds by the database itself."""

import re

from django.db import connection

from shopkit.catalog.testing import make_variant
from shopkit.core.models import Delivery
from shopkit.inventory.testing import make_stock

USERS = """
INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff,
    is_active, date_joined)
SELECT '', false, 'user-' || n, '', '', '', false, true, now() FROM generate_series(1, %(users)s) n
"""
# Every third order is a guest's; the last three hundred are open and unpaid.
ORDERS = """
INSERT INTO shopkit_orders_order (
    number, user_id, status, payment_status, currency, subtotal, discount, shipping, tax, total,
    paid_total, refund_due, adjustments, contact_name, contact_phone, contact_email, address, note,
    language, tracking_number, placed_at, confirmed_at, expires_at, client_address,
    quote_fingerprint, cart_owner, cart_version, cart_turn, is_in_cart, metadata
)
SELECT
    upper(substr(md5(n::text), 1, 5) || '-' || substr(md5((n * 7)::text), 1, 5) || n %% 10),
    CASE WHEN n %% 3 = 0 THEN NULL
        ELSE (SELECT min(id) FROM auth_user) + n %% (SELECT count(*) FROM auth_user) END,
    CASE WHEN is_open THEN 'placed' ELSE 'delivered' END,
    CASE WHEN is_open THEN 'unpaid' ELSE 'paid' END,
    'UZS', 500000, 0, 0, 0, 500000, 0, 0, '[]',
    'Buyer ' || md5((n %% 5000)::text), '+99890' || lpad((n * 37 %% 30000)::text, 7, '0'), '',
    '{}', '', 'uz', '', now() - (%(many)s - n) * interval '1 minute',
    CASE WHEN is_open THEN NULL ELSE now() END,
    CASE WHEN is_open THEN now() + (n %% 300 - 20) * interval '1 minute' END,
    '192.0.' || n %% 200 || '.' || n %% 250, 'f', 'guest:' || n, 'v', 1, false, '{}'
FROM (SELECT n, n > %(many)s - 300 AS is_open FROM generate_series(1, %(many)s) AS n) AS numbers
"""
LINES = """
INSERT INTO shopkit_orders_orderline (order_id, product_id, sku, name, attributes, image,
    unit_price, quantity, line_total, ikpu, package_code)
SELECT id, %(product)s, 'CUP', 'Cup', '{}', '', 500000, 1, 500000, '', '' FROM shopkit_orders_order
"""
EVENTS = """
INSERT INTO shopkit_orders_orderevent (order_id, at, from_status, to_status, by, reason)
SELECT id, now(), '', 'placed', 'customer', '' FROM shopkit_orders_order
"""
PAYMENTS = """
INSERT INTO shopkit_payments_payment (id, order_id, provider, status, amount, captured, refunded,
    currency, reference, redirect_url, created_at)
SELECT gen_random_uuid(), id, 'offline', 'paid', 500000, 500000, 0, 'UZS', '', '', now()
FROM shopkit_orders_order
"""
# A hundred facts wait, the rest was told.
DELIVERIES = """
INSERT INTO shopkit_core_delivery (fact, subscriber, ids, announced_at, due_at, attempts,
    delivered_at, last_error)
SELECT 'test.happened', 'x.y', '{}', moment, moment, CASE WHEN is_told THEN 1 ELSE 0 END,
    CASE WHEN is_told THEN moment END, ''
FROM (SELECT n <= %(many)s - 100 AS is_told, now() - (%(many)s - n) * interval '1 second' AS moment
      FROM generate_series(1, %(many)s) AS n) AS moments
"""
KEYS = """
INSERT INTO shopkit_core_idempotencykey (principal, route, key, fingerprint, status, body,
    created_at, attempt, expires_at)
SELECT 'p' || n, 'orders', 'k' || n, 'f', 201, '{}', now(), 1, now() + n * interval '1 second'
FROM generate_series(1, %(many)s) AS n
"""
CHALLENGES = """
INSERT INTO shopkit_otp_challenge (id, purpose, channel, destination, language, nonce, key_id,
    length, handle, is_decoy, attempts, max_attempts, user_ref, payload, client_address, created_at,
    resend_at, expires_at, send_error, voided_at)
SELECT gen_random_uuid(), 'sign_in', 'sms', '+99890' || lpad(n::text, 7, '0'), 'uz', 'n', 'k', 6,
    lpad(n::text, 10, '0'), false, 0, 5, 'user:' || n, '{}', '', now() - interval '9 days', now(),
    now() + (n - %(many)s * 0.99) * interval '1 second', '',
    CASE WHEN n < %(many)s * 0.99 THEN now() END
FROM generate_series(1, %(many)s) AS n
"""
BUDGETS = """
INSERT INTO shopkit_otp_budget (scope, key, seconds, used, ends_at)
SELECT 'address', '192.0.2.' || n, 60, 1, now() + n * interval '1 second'
FROM generate_series(1, %(many)s) AS n
"""
SESSIONS = """
INSERT INTO shopkit_accounts_authsession (id, user_id, token_hash, password_stamp, method,
    created_at, used_at, expires_at, end_reason, agent, address)
SELECT gen_random_uuid(), id, 'h', 's', 'password', now(), now(), now() + id * interval '1 minute',
    '', '', '192.0.2.1'
FROM auth_user
"""
RESERVATIONS = """
INSERT INTO shopkit_inventory_reservation (owner, item_id, quantity, state, created_at, closed_at)
SELECT 'order:' || number, %(item)s, 1, 'released', now(), now() FROM shopkit_orders_order
"""
# All about one product: a rating of every user, and comments. A hundred wait.
REVIEWS = """
INSERT INTO shopkit_reviews_review (product_id, user_id, rating, title, text, verified, status,
    reason, created_at, updated_at)
SELECT %(product)s, (SELECT min(id) FROM auth_user) + n %% %(users)s,
    CASE WHEN n <= %(users)s THEN 1 + n %% 5 END, '', 'Good.', false,
    CASE WHEN n > %(many)s - 100 THEN 'pending' ELSE 'published' END, '',
    now() - (%(many)s - n) * interval '1 minute', now()
FROM generate_series(1, %(many)s) AS n
"""
LIKES = """
INSERT INTO shopkit_reviews_like (user_id, product_id, created_at)
SELECT id, %(product)s, now() FROM auth_user
"""
TABLES = (
    USERS, ORDERS, LINES, EVENTS, PAYMENTS, DELIVERIES, KEYS, CHALLENGES, BUDGETS, SESSIONS,
    RESERVATIONS, REVIEWS, LIKES,
)  # fmt: skip


FILLED = {re.search(r"INSERT INTO (\w+)", sql)[1] for sql in TABLES}
# Columns that these statements do not name may be empty while the test lasts: a plan depends on the
# rows and indexes that are looked for, and a new column must not break it.
REQUIRED = """
SELECT columns.table_name, columns.column_name FROM information_schema.columns AS columns
WHERE columns.table_schema = 'public' AND columns.table_name LIKE 'shopkit_%%'
    AND columns.is_nullable = 'NO' AND columns.column_name <> 'id'
"""


def fill_shop(*, many: int) -> None:
    """Fill the tables with ``many`` rows each, and let PostgreSQL count them."""
    with connection.cursor() as cursor:
        cursor.execute(REQUIRED, [])
        for table, column in cursor.fetchall():
            if table in FILLED:
                cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" DROP NOT NULL')
        item = make_stock(make_variant(), on_hand=1)
        about = {"item": item.pk, "product": item.variant.product_id}
        for sql in TABLES:
            cursor.execute(sql, {"many": many, "users": many // 5, **about})
        # What a vacuum would do by and by: so many rows at once wait in a list beside the index.
        cursor.execute("SELECT gin_clean_pending_list('shopkit_order_search')")
        cursor.execute("ANALYZE")
    assert Delivery.objects.count() == many
