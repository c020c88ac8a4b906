"""Two doorways as accounts has them: nothing but a service each, and one of a site's own."""

from django.http import HttpRequest, JsonResponse
from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.core.api.views import ShopkitView
from shopkit.core.limits import client_address
from shopkit.otp.services import issue, verify, verify_by_handle


class AskView(ShopkitView):
    """POST a phone."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    def post(self, request: Request) -> Response:
        issued = issue(
            purpose="sign_in",
            channel=request.data.get("channel", "sms"),
            destination=request.data["phone"],
            client_address=client_address(request),
        )
        return Response({"challenge": str(issued.challenge)}, status=202)


class AnswerView(ShopkitView):
    """POST a code, with its challenge or with its handle."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    def post(self, request: Request) -> Response:
        code = request.data["code"]
        if "challenge" in request.data:
            found = verify(challenge=request.data["challenge"], code=code, purpose="sign_in")
        else:
            address = client_address(request)
            found = verify_by_handle(code=code, purpose="sign_in", client_address=address)
        return Response({"destination": found.destination})


def careless(request: HttpRequest) -> JsonResponse:
    """Check a code in a view that is not exempt from ATOMIC_REQUESTS."""
    verify(challenge=request.GET["challenge"], code="000000", purpose="sign_in")
    return JsonResponse({})


urlpatterns = [
    path("ask/", AskView.as_view()),
    path("answer/", AnswerView.as_view()),
    path("careless/", careless),
]
