"""What the catalogue's endpoints share."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.http import HttpResponse
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.catalog.api.remembering import Answer, Memory, memory_of, whole_answer
from shopkit.catalog.conf import catalog_settings
from shopkit.core.api.credentials import is_nobody
from shopkit.core.api.permissions import ReadOnlyOrStaff
from shopkit.core.api.views import ShopkitView
from shopkit.core.backends import load_callable
from shopkit.core.errors import ShopkitError

VERBS = {"POST": "add", "DELETE": "delete"}


def mark_liked(user: Any, cards: Sequence[dict[str, Any]]) -> None:
    """Write into shown products whether ``user`` likes them: one statement, none for nobody."""
    path = catalog_settings().LIKED
    if path is None or not cards or not (user and user.is_authenticated):
        return
    liked = load_callable(path)(user, [card["id"] for card in cards])
    for card in cards:
        card["is_liked"] = card["id"] in liked


class CatalogView(ShopkitView):
    """Anyone reads; staff writes, with Django's own permission of the model.

    edits -- model name in the permission: "product"
    remembers -- what the answers to nobody in particular depend on, besides question and language:
        PRODUCTS or TREE; they are remembered then (``SHOPKIT["CATALOG"]["CACHE"]``). Not
        inherited: a view of the site says it again when its answers depend on nothing else, or
        when what else they depend on calls ``catalog_changed()``.
    shows_cards -- what is shown are products; each tells who is signed in whether he likes it,
        where ``SHOPKIT["CATALOG"]["LIKED"]`` names who knows
    """

    edits: ClassVar[str]
    remembers: ClassVar[str] = ""
    shows_cards: ClassVar[bool] = False
    memory: Memory | None = None

    permission_classes = (ReadOnlyOrStaff,)
    tags = ("Catalogue",)
    is_cacheable = True

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer from memory at once whoever is certainly nobody; everybody else as usual."""
        subject = vars(type(self)).get("remembers")
        if subject and request.method in {"GET", "HEAD"}:
            self.memory = memory_of(request, subject=subject, view=type(self))
        if self.memory is not None and self.is_ours and is_nobody(request, type(self)):
            # What fails here is told properly below.
            with suppress(DatabaseError, ShopkitError):
                answer = self.memory.look()
                if answer is not None and not self.memory.is_aging:
                    self.headers = self.default_response_headers
                    return self.finalize_response(request, answer.response(), *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    @property
    def is_ours(self) -> bool:
        """Whether no method is the site's, which may have rules of its own in any of them."""
        return type(self).__module__.startswith("shopkit.")

    def remembered(self, request: Request, build: Callable[[], Response]) -> HttpResponse:
        """Return what ``build`` answers, from memory where nobody in particular asks."""
        if self.memory is None or request.successful_authenticator is not None:
            return build()
        built: list[Response] = []

        def build_once() -> Answer:
            built.append(build())
            return self.answer_of(request, built[0].data)

        answer = self.memory.recall(build_once)
        if built:
            return built[0]
        return build() if answer is None else answer.response()

    def answer_of(self, request: Request, data: Any) -> Answer:
        """Return ``data`` as it is remembered."""
        return whole_answer(self.render(request, data), request.accepted_renderer.media_type)

    def render(self, request: Request, data: Any) -> bytes:
        """Return ``data`` as the body of an answer."""
        renderer: Any = request.accepted_renderer
        body: bytes = renderer.render(
            data, request.accepted_media_type, self.get_renderer_context()
        )
        return body

    def show(self, result: Any, *, many: bool = False, **context: Any) -> Any:
        """Return ``result`` as JSON-ready data in the output shape of this method."""
        shown = super().show(result, many=many, **context)
        if self.shows_cards:
            mark_liked(self.request.user, shown if many else [shown])
        return shown

    @property
    def staff_permission(self) -> str:
        """The permission that the method of this request needs."""
        verb = VERBS.get(str(self.request.method), "change")
        return f"shopkit_catalog.{verb}_{self.edits}"

    def handle_exception(self, exc: Exception) -> Any:
        """Answer 404 when somebody else has deleted the row since we found it."""
        gone = isinstance(exc, ObjectDoesNotExist)
        answer: Response = super().handle_exception(NotFound() if gone else exc)
        return answer
