"""The page that mailed links open. A shop of its own would show its storefront here."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from shopkit.accounts import services
from shopkit.core.errors import Refusal


@sensitive_post_parameters("token")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Show a button, because programs that look into mails open links; POST uses the link up."""
    if request.method != "POST":
        return _page(request, token=request.GET.get("token", ""))
    try:
        result = services.answer_link(request, token=request.POST.get("token", ""))
    except (ValidationError, Refusal) as error:
        text = error.messages[0] if isinstance(error, ValidationError) else str(error)
        return _page(request, text=text, status=400)
    if isinstance(result, services.SignedIn):
        # Nobody reads tokens here; people sign in through the API.
        services.sign_out(session=services.session_of(result.tokens.access))
    return _page(request, text=_("Your address is confirmed. You can sign in now."))


@sensitive_variables("token")
def _page(
    request: HttpRequest, *, token: str = "", text: str = "", status: int = 200
) -> HttpResponse:
    answer = render(request, "demo/confirm.html", {"token": token, "text": text}, status=status)
    # The address holds the token; it is not told to any other page.
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
