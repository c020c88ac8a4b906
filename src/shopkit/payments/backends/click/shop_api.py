"""Prepare and Complete of Click's SHOP-API: reading what Click says, saying it in Click's words.

Click asks before it takes money (Prepare) and again while it takes it (Complete); what we answer
decides whether it is taken. The fields that say how a call ended (``error``) and which payment it
is about (``click_paydoc_id``) are not signed, so the webhook must be reached by https only.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qsl

from django.views.decorators.debug import sensitive_variables

from shopkit.payments.backends.base import Answer, Callback, Event, Outcome, RefusalCode
from shopkit.payments.errors import CallbackRefused

CURRENCY = "UZS"
PREPARE, COMPLETE = "0", "1"

#: Click's codes and its own words for them.
NOTES: Final[Mapping[int, str]] = {
    0: "Success",
    -1: "SIGN CHECK FAILED!",
    -2: "Incorrect parameter amount",
    -3: "Action not found",
    -4: "Already paid",
    -5: "User does not exist",
    -6: "Transaction does not exist",
    -7: "Failed to update user",
    -8: "Error in request from click",
    -9: "Transaction cancelled",
}

#: Everything that is not here ends the transaction: -9.
ERRORS: Final[Mapping[RefusalCode, int]] = {
    "unknown_order": -5,
    "unknown_payment": -6,
    "wrong_reference": -6,
    "wrong_amount": -2,
    "wrong_currency": -2,
}
PAID = {"paid", "partially_refunded"}

KEPT = (
    "click_trans_id", "click_paydoc_id", "service_id", "merchant_trans_id", "merchant_prepare_id",
    "amount", "action", "error", "error_note", "sign_time",
)  # fmt: skip
ID = re.compile(r"[1-9][0-9]{0,18}")
AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")
ERROR = re.compile(r"0|-[1-9][0-9]{0,8}")
SIGN_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
LONGEST_TEXT = 200
NO_SUCH_SERIAL = -1  # 0 would say that Click named none


def verified_fields(callback: Callback, *, service_id: str, secret_key: str) -> dict[str, str]:
    """Return the texts of a call that Click made for our service, in Click's order of checks.

    Raises CallbackRefused with error -8 for what is no such call or is for another service, -1 for
    a wrong signature, -3 for another action.
    """
    fields = _fields_of(callback)
    if not _is_signed(fields, secret_key):
        raise _refused(fields, -1)
    if fields["service_id"] != service_id:
        raise _refused(fields, -8)
    if fields["action"] not in {PREPARE, COMPLETE}:
        raise _refused(fields, -3)
    _check_form(fields)
    return fields


def event_of(fields: Mapping[str, str]) -> Event:
    """Return what a verified call says."""
    is_prepare = fields["action"] == PREPARE
    error = int(fields.get("error", "0"))
    data = {name: fields[name][:LONGEST_TEXT] for name in KEPT if name in fields}
    paydoc = fields.get("click_paydoc_id", "")
    return Event(
        event_id=_event_id_of(data),
        kind="close" if error < 0 else "open" if is_prepare else "settle",
        name="prepare" if is_prepare else "complete",
        order_number=fields["merchant_trans_id"],
        serial=0 if is_prepare else _serial_of(fields["merchant_prepare_id"]),
        reference=fields["click_trans_id"],
        other_reference=paydoc if _is_id(paydoc) else "",
        amount=Decimal(fields["amount"]),
        currency=CURRENCY,
        is_final=False,
        reason=str(error) if error < 0 else "",
        # Without ``at``: Click does not say in which zone its sign_time is.
        data=data,
        request=dict(data),
    )


def error_of(event: Event, outcome: Outcome) -> int:
    """Return Click's code.

    Click takes -4 for "you have had this money", so it is only said of a payment that was taken.
    """
    refusal = outcome.refusal
    is_paid = outcome.payment is not None and outcome.payment.status in PAID
    if event.kind == "close":
        return ERRORS.get(refusal, -9) if event.serial or refusal == "unknown_order" else -9
    if not refusal:
        return -4 if event.kind == "settle" and outcome.is_repeat else 0
    if refusal == "already_paid" and event.kind == "open":
        return -4
    if refusal in {"already_paid", "closed"} and is_paid:
        return -4
    return ERRORS.get(refusal, -9)


def answer_with(
    fields: Mapping[str, str], error: int, *, serial: int | None = None, status: int = 200
) -> Answer:
    """Return Click's JSON; ids are whole numbers of any size."""
    body: dict[str, Any] = {}
    if _is_id(fields.get("click_trans_id", "")):
        body["click_trans_id"] = int(fields["click_trans_id"])
    if "merchant_trans_id" in fields:
        body["merchant_trans_id"] = fields["merchant_trans_id"][:LONGEST_TEXT]
    if fields.get("action") == COMPLETE:
        body["merchant_confirm_id"] = serial
    elif serial is not None:
        body["merchant_prepare_id"] = serial
    body.update(error=error, error_note=NOTES[error])
    return Answer(body=json.dumps(body).encode(), status=status)


def _fields_of(callback: Callback) -> dict[str, str]:
    """Return the form. Raises CallbackRefused where a text is missing or there twice."""
    try:
        pairs = parse_qsl(
            callback.body.decode(), keep_blank_values=True, max_num_fields=50, errors="strict"
        )
    except ValueError:  # also of what is no UTF-8
        pairs = []
    fields = dict(pairs)
    names = {"click_trans_id", "service_id", "merchant_trans_id", "amount", "action", "sign_time"}
    if fields.get("action") == COMPLETE:
        names |= {"merchant_prepare_id", "error"}
    is_whole = all(fields.get(name) for name in names | {"sign_string"})
    # A NUL is nothing that a database would keep.
    if callback.method != "POST" or not is_whole or len(fields) < len(pairs):
        raise _refused(fields, -8)
    if any("\x00" in value for value in fields.values()):
        raise _refused({}, -8)
    return fields


def _check_form(fields: Mapping[str, str]) -> None:
    """Raise CallbackRefused for a signed call whose texts are not what Click describes."""
    is_well_formed = (
        _is_id(fields["click_trans_id"])
        and AMOUNT.fullmatch(fields["amount"])
        and ERROR.fullmatch(fields.get("error", "0"))
        # The texts are signed without anything between them: its form keeps them apart.
        and SIGN_TIME.fullmatch(fields["sign_time"])
    )
    if not is_well_formed:
        raise _refused(fields, -8)
    if len(fields["merchant_trans_id"]) > LONGEST_TEXT:
        raise _refused(fields, -5)


@sensitive_variables()
def _is_signed(fields: Mapping[str, str], secret_key: str) -> bool:
    """Compare with the digest of the very texts that came; MD5 is Click's choice."""
    prepare_id = "" if fields["action"] == PREPARE else fields.get("merchant_prepare_id", "")
    text = "".join(
        (fields["click_trans_id"], fields["service_id"], secret_key, fields["merchant_trans_id"],
         prepare_id, fields["amount"], fields["action"], fields["sign_time"])
    )  # fmt: skip
    right = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return hmac.compare_digest(right.encode(), fields["sign_string"].lower().encode())


def _event_id_of(data: Mapping[str, str]) -> str:
    """Return one id for each thing that Click may say of a transaction, however often it does."""
    said = [data.get(name, "") for name in KEPT if name not in {"error_note", "sign_time"}]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    return f"{data['click_trans_id']}:{data['action']}:{digest[:32]}"


def _refused(fields: Mapping[str, str], error: int) -> CallbackRefused:
    return CallbackRefused(answer_with(fields, error))


def _is_id(text: str) -> bool:
    """Say whether it is a positive number of 64 bits, in its one spelling."""
    return bool(ID.fullmatch(text)) and int(text) < 2**63


def _serial_of(text: str) -> int:
    return int(text) if _is_id(text) else NO_SUCH_SERIAL
