"""The page of the dummy gateway. It stands in for a bank's, so it is no part of the API."""

import json
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from shopkit.core.words import show_money
from shopkit.payments.backends.base import Answer
from shopkit.payments.backends.dummy import SAID_BY, Button, DummyBackend, Sheet, is_allowed
from shopkit.payments.models import Payment
from shopkit.payments.providers import provider_of
from shopkit.payments.services import receive


# Who has the link may press: it is signed, and no cookie is believed, so nobody can be made to.
@method_decorator((transaction.non_atomic_requests, csrf_exempt, never_cache), name="dispatch")
class DummyPage(View):
    """GET shows the buttons; POST tells the shop what was pressed and leads back to it.

    The shop is told by the same way as by any gateway. Where it did not take the news, or there is
    nowhere to go back to, the page says what came of it. 404 with DEBUG off.

    route_name -- URL name; set where the URL is made
    """

    route_name = ""
    http_method_names = ["get", "head", "post"]  # noqa: RUF012 - Django's form
    template_name = "shopkit_payments/dummy.html"

    def get(self, request: HttpRequest, payment_id: Any) -> HttpResponse:
        """Show the page."""
        _code, _backend, sheet = _opened(request, str(payment_id))
        return self.page(request, sheet)

    def post(self, request: HttpRequest, payment_id: Any) -> HttpResponse:
        """Press the one button that the form names."""
        code, backend, sheet = _opened(request, str(payment_id))
        pressed: list[Button] = [name for name in SAID_BY if name in request.POST]
        if len(pressed) != 1:
            return self.page(request, sheet, status=400)
        answers = [receive(code, news) for news in backend.press(sheet, pressed[0])]
        way = _way_back(sheet, pressed[0])
        problem = next(filter(None, map(_problem_of, answers)), "")
        if way and not problem:
            return HttpResponseRedirect(way, status=303)
        status = max(answer.status for answer in answers)
        return self.page(request, sheet, status=status, is_done=True, problem=problem)

    def page(
        self, request: HttpRequest, sheet: Sheet, *, status: int = 200, **found: Any
    ) -> HttpResponse:
        """Return the page; it loads nothing and is shown inside of no other."""
        shown = {
            "sheet": sheet,
            "address": request.get_full_path(),
            "amount": show_money(Decimal(sheet.amount), sheet.currency),
            "way_back": sheet.cancel_url or sheet.return_url,
            **found,
        }
        answer = render(request, self.template_name, shown, status=status)
        answer.headers["Referrer-Policy"] = "no-referrer"  # the address is what lets one press
        answer.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
        )
        return answer


def _opened(request: HttpRequest, payment_id: str) -> tuple[str, DummyBackend, Sheet]:
    """Return the provider's code, its backend and what the link holds. Raises Http404."""
    code = Payment.objects.filter(pk=payment_id).values_list("provider", flat=True).first()
    if code is None or not is_allowed():
        raise Http404
    try:
        backend = provider_of(code)
    except ValidationError:
        raise Http404 from None
    if not isinstance(backend, DummyBackend):
        raise Http404
    sheet = backend.open_sheet(request.GET.get("sheet", ""))
    if sheet is None or sheet.payment_id != payment_id:
        raise Http404
    return code, backend, sheet


def _way_back(sheet: Sheet, button: Button) -> str:
    if button in {"pay", "pay_twice"}:
        return sheet.return_url
    return sheet.cancel_url or sheet.return_url


def _problem_of(answer: Answer) -> str:
    """Return why the shop did not take the news: the books' refusal, or the HTTP status."""
    if answer.status >= 300:
        return str(answer.status)
    return str(json.loads(answer.body).get("refusal", ""))
