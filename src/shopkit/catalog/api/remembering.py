"""Answers of the catalogue, remembered as bytes until the catalogue changes.

What is remembered may depend on the question, the language and the catalogue, and on nothing
else: only nobody in particular, who sends no credentials that count, is answered from memory and
into it. Units that can still be had change with every order, so they are no part of it; their
places in a product's page are filled in anew each time.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b, md5
from operator import itemgetter
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import connections, router
from django.http import HttpRequest, HttpResponse
from django.utils.http import quote_etag
from django.utils.translation import get_language

import shopkit
from shopkit.catalog.availability import availability
from shopkit.catalog.conf import catalog_settings
from shopkit.catalog.freshness import read_with_token
from shopkit.catalog.models import Product
from shopkit.core.conf import api_settings, core_settings
from shopkit.core.quiet_cache import QuietCache
from shopkit.core.reading import reading_language

# Whoever finds that another one is working an answer out waits for it this long, in seconds.
PATIENCE = 0.25
NAP = 0.01
# Longer than any answer takes; who works one out may have been killed.
LOCK_SECONDS = 5
# From this part of its life on, an answer is worked out anew by one reader while it is good.
EARLY = 0.8
# Words that people type and products that one visitor has looked at have no end, and nobody asks
# for most of them twice.
ENDLESS = frozenset({"search", "q", "ids"})


@dataclass(frozen=True)
class Answer:
    """A body, cut at the places that are filled in anew.

    pieces -- what stands around the places, one more than there are
    places -- (key of a variant, which of UNITS stands there)
    etag -- "" where there are places
    """

    content_type: str
    etag: str
    pieces: Sequence[bytes]
    places: Sequence[tuple[int, str]] = ()

    def response(self) -> HttpResponse:
        """Return the answer, places filled; one statement where there are any."""
        body = b"".join(self._filled()) if self.places else self.pieces[0]
        headers = {"ETag": self.etag} if self.etag else {}
        return HttpResponse(body, content_type=self.content_type, headers=headers)

    def _filled(self) -> Iterator[bytes]:
        units = availability().available(sorted({variant for variant, _name in self.places}))
        for piece, (variant, name) in zip(self.pieces, self.places, strict=False):
            yield piece
            yield UNITS[name](units[variant])
        yield self.pieces[-1]


# Members of a variant that say what can be had of it.
UNITS: Mapping[str, Callable[[int | None], bytes]] = {
    "in_stock": lambda left: b"true" if left is None or left > 0 else b"false",
    "available": lambda left: b"null" if left is None else b"%d" % left,
}


@dataclass
class Memory:
    """What is remembered of one question.

    token -- what the subject's token was before anything was read; "" when the cache is away
    """

    cache: QuietCache
    subject: str
    key: str
    token: str = ""
    answer: Answer | None = None
    is_aging: bool = False
    _lock: str = field(default="", repr=False)

    def look(self) -> Answer | None:
        """Return what is remembered and still true, or None."""
        self.token, found = read_with_token(self.cache, self.subject, self.key)
        self.answer = None
        if isinstance(found, tuple) and self.token and found[0] == self.token:
            _token, made_at, *parts = found
            age, life = time.time() - made_at, catalog_settings().CACHE_SECONDS
            if age < life:
                self.answer = Answer(*parts)
                self.is_aging = age > life * EARLY
        return self.answer

    def recall(self, build: Callable[[], Answer | None]) -> Answer | None:
        """Return what is remembered, or what ``build`` makes; one of many builds, others wait.

        None when ``build`` returns None, here or where it was waited for, or the cache is away.
        """
        until, awaited = time.monotonic() + PATIENCE, ""
        while True:
            answer = self.look()
            if not self.token or (answer is not None and not self.is_aging):
                return answer
            if self._is_mine_to_build():
                try:
                    # Whoever was waited for has ended, and most likely nothing is to be kept.
                    return self.look() if self.token == awaited else self._keep(build())
                finally:
                    self.cache.delete(self._lock)
            if answer is not None or time.monotonic() >= until:
                return answer
            awaited = self.token
            time.sleep(NAP)

    def _is_mine_to_build(self) -> bool:
        self._lock = f"{self.key}:{self.token}"
        return self.cache.add(self._lock, 1, seconds=LOCK_SECONDS)

    def _keep(self, answer: Answer | None) -> Answer | None:
        if answer is not None:
            stored = (
                self.token,
                time.time(),
                answer.content_type,
                answer.etag,
                answer.pieces,
                answer.places,
            )
            self.cache.set_many({self.key: stored}, seconds=catalog_settings().CACHE_SECONDS)
        return answer


def memory_of(request: HttpRequest, *, subject: str, view: type) -> Memory | None:
    """Return the memory of what ``request`` asks ``view``, or None where nothing is remembered.

    Nothing is in a transaction: what it reads may be taken back, or be older than the token.
    """
    alias = catalog_settings().CACHE
    if alias is None or connections[router.db_for_read(Product)].in_atomic_block:
        return None
    asked = request.META.get("QUERY_STRING", "")
    # A request can say that its query has another encoding, or leave its bytes bare: what it asks
    # is not what the same text asks otherwise, and neither are the links of its answer.
    encoding = request.encoding or settings.DEFAULT_CHARSET
    if encoding.lower() != "utf-8" or not asked.isascii():
        return None
    query = parse_qsl(asked, keep_blank_values=True)
    if not ENDLESS.isdisjoint(name for name, _value in query):
        return None
    # Of a name that is given twice the last value counts, or all of them do: their order stays.
    query.sort(key=itemgetter(0))
    try:
        host = request.get_host()
    except DisallowedHost:
        return None
    return Memory(QuietCache(alias), subject, _key(request, view, host, query))


def whole_answer(body: bytes, content_type: str) -> Answer:
    """Return an answer without places."""
    etag = quote_etag(md5(body, usedforsecurity=False).hexdigest())
    return Answer(content_type, etag, (body,))


def cut_answer(data: Any, render: Callable[[Any], bytes], content_type: str) -> Answer:
    """Return a product's page, cut where it says what can be had of its variants.

    data -- the page; not changed
    """
    mark = token_hex(16)  # occurs in no text of the shop
    variants = data.get("variants", ())
    marked = [
        {**one, **{name: f"{mark}:{index}:{name}" for name in UNITS.keys() & one.keys()}}
        for index, one in enumerate(variants)
    ]
    parts = re.split(rf'"{mark}:(\d+):(\w+)"'.encode(), render({**data, "variants": marked}))
    if len(parts) == 1:
        return whole_answer(parts[0], content_type)
    places = [
        (variants[int(index)]["id"], name.decode())
        for index, name in zip(parts[1::3], parts[2::3], strict=True)
    ]
    return Answer(content_type, "", parts[::3], places)


def _key(request: HttpRequest, view: type, host: str, query: Sequence[tuple[str, str]]) -> str:
    question = (
        shopkit.__version__,
        core_settings().CURRENCY,
        _page_settings(),
        f"{view.__module__}.{view.__qualname__}",
        f"{request.scheme}://{host}{request.path}",
        query,
        get_language(),
        reading_language(),
    )
    digest = blake2b(repr(question).encode(), digest_size=16).hexdigest()
    return f"shopkit:catalog:answer:{digest}"


def _page_settings() -> tuple[int, ...]:
    pages = api_settings()
    shown = catalog_settings().FACET_VALUES
    return pages.PAGE_SIZE, pages.EXACT_COUNT_UP_TO, pages.DEEPEST_ROW, shown
