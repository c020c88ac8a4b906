"""What every search backend must do; run it on your own."""

from typing import Any

import pytest

from shopkit.catalog.models import Product
from shopkit.catalog.search.base import LEVEL, SearchBackend, ranked
from shopkit.catalog.search.questions import read_question
from shopkit.catalog.testing import make_product, make_variant


class SearchBackendContract:
    """Subclass it, give it your backend, mark it with ``django_db``, and run pytest.

    The products of each test stand in the database; a backend that searches elsewhere brings them
    there in ``refresh``.
    """

    @pytest.fixture
    def backend(self) -> SearchBackend:
        """The backend under test."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Let the backend know the products that the test has made."""

    def make(self, name: str, *, sku: str = "", **fields: Any) -> Product:
        """Return a product on sale with one variant."""
        product = make_product(name=name, **fields)
        return make_variant(product=product, **({"sku": sku} if sku else {})).product

    def found(self, backend: SearchBackend, text: str, rows: Any = None) -> list[str]:
        """Return the names of what answers ``text``, best first."""
        self.refresh()
        question = read_question(text)
        rows = Product.objects.on_sale() if rows is None else rows
        best = ranked(backend.narrow(rows, question), backend.relevance(question))
        return [one.name for one in best]

    @pytest.mark.parametrize(
        "text", ["ko'ylak", "KOʻYLAK", "ko’ylak", "ko`ylak", "кўйлак", "koylak", "  Ko'ylak, "]
    )
    def test_a_word_is_found_however_it_is_written(self, backend: SearchBackend, text: str) -> None:
        """Case, script and apostrophe do not matter."""
        self.make("Oq koʻylak")
        self.make("Shim")

        assert self.found(backend, text) == ["Oq koʻylak"]

    def test_every_word_must_occur(self, backend: SearchBackend) -> None:
        """In any order, in the name or elsewhere."""
        self.make("Oq koʻylak", sku="KY-77")
        self.make("Oq shim", sku="SH-1")

        assert self.found(backend, "koʻylak oq ky-77") == ["Oq koʻylak"]
        assert self.found(backend, "koʻylak qora") == []

    def test_the_last_word_may_be_unfinished(self, backend: SearchBackend) -> None:
        """Somebody may be typing still."""
        self.make("Elektr choynak")

        assert self.found(backend, "elektr choy") == ["Elektr choynak"]

    def test_names_in_all_languages_are_looked_in(self, backend: SearchBackend) -> None:
        """Whatever language the reader has."""
        self.make("Shirt", translations={"ru": {"name": "Рубашка"}})

        assert self.found(backend, "рубашка") == ["Shirt"]

    def test_what_nothing_answers_finds_nothing(self, backend: SearchBackend) -> None:
        """An empty list is an answer."""
        self.make("Oq koʻylak")

        assert self.found(backend, "muzlatgich") == []

    def test_only_the_given_rows_are_narrowed(self, backend: SearchBackend) -> None:
        """What is filtered out stays out, and what comes back can be filtered further."""
        self.make("Oq koʻylak")
        hidden = self.make("Qora koʻylak")
        rows = Product.objects.exclude(pk=hidden.pk)

        assert self.found(backend, "koʻylak", rows) == ["Oq koʻylak"]
        question = read_question("koʻylak")
        every = backend.narrow(Product.objects.on_sale(), question)
        assert [one.name for one in every.filter(pk=hidden.pk)] == ["Qora koʻylak"]

    def test_a_better_answer_comes_first(self, backend: SearchBackend) -> None:
        """A name that is the question, then a name that begins with it, then others."""
        for name in ("Case for Lamp 7", "Lamp 7 stand", "Lamp 7"):
            self.make(name)

        assert self.found(backend, "lamp 7") == ["Lamp 7", "Lamp 7 stand", "Case for Lamp 7"]

    def test_of_equals_the_more_popular_comes_first(self, backend: SearchBackend) -> None:
        """As far as the backend finds them equally good."""
        keys = [self.make(f"Lamp {word}").pk for word in ("oak", "ash", "elm")]
        for key, popularity in zip(keys, (5, 2**31 - 1, 7), strict=True):
            Product.objects.filter(pk=key).update(popularity=popularity)

        assert self.found(backend, "lamp") == ["Lamp ash", "Lamp elm", "Lamp oak"]

    def test_relevance_is_a_number_within_its_bounds(self, backend: SearchBackend) -> None:
        """From 0 to 2**31 - 1, whatever was found."""
        self.make("Lamp")
        self.refresh()
        question = read_question("lamp")
        rows = backend.narrow(Product.objects.on_sale(), question)

        [number] = rows.annotate(r=backend.relevance(question)).values_list("r", flat=True)

        assert 0 <= number < LEVEL

    @pytest.mark.parametrize(
        "text",
        ["'lamp'", "lamp & ! | :*", "lamp%", "lamp_", "lamp \\", '"lamp"', "lamp <-> (", "茶 lamp"],
    )
    def test_nothing_in_a_question_is_special(self, backend: SearchBackend, text: str) -> None:
        """Signs are no words, and no operators."""
        self.make("茶 Lamp")

        assert self.found(backend, text) == ["茶 Lamp"]

    def test_a_long_question_is_bounded(self, backend: SearchBackend) -> None:
        """Ten words count, and each has fifty letters at most."""
        self.make("Lamp")

        assert self.found(backend, "lamp " * 40) == ["Lamp"]
        assert self.found(backend, "lamp " + "x" * 10_000) == []
        assert self.found(backend, " ".join(f"word{n}" for n in range(50))) == []


class ForgivingSearchContract(SearchBackendContract):
    """The same for backends that forgive an error in typing."""

    @pytest.mark.parametrize(
        "text", ["iphnoe", "ipone", "iphonne", "iphune", "Ifone 15", "айфонн", "iphnoe 15"]
    )
    def test_one_error_in_a_word_is_forgiven(self, backend: SearchBackend, text: str) -> None:
        """A letter more, less or another, or two changed over."""
        self.make("iPhone 15", translations={"ru": {"name": "Айфон 15"}})
        self.make("Samsung 15")

        assert self.found(backend, text) == ["iPhone 15"]

    def test_what_is_written_right_is_not_mended(self, backend: SearchBackend) -> None:
        """Neighbours of a word that is known are other words."""
        self.make("Boots")
        self.make("Boats")

        assert self.found(backend, "boots") == ["Boots"]
