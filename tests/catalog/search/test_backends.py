"""Both backends keep the contract, and what each promises besides."""

import pytest
from django.db import connection

from shopkit.catalog.models import Product
from shopkit.catalog.search.base import EngineSearch, ranked
from shopkit.catalog.search.database import DatabaseSearch
from shopkit.catalog.search.postgres import PostgresSearch
from shopkit.catalog.search.questions import read_question
from shopkit.catalog.search.testing import ForgivingSearchContract, SearchBackendContract
from shopkit.catalog.services.products import update_product


@pytest.mark.django_db
class TestDatabaseSearch(SearchBackendContract):
    @pytest.fixture
    def backend(self):
        return DatabaseSearch()

    def test_words_are_found_inside_of_words(self, backend):
        self.make("Oq koʻylak")

        assert self.found(backend, "oylak") == ["Oq koʻylak"]

    def test_errors_are_not_forgiven(self, backend):
        self.make("iPhone 15")

        assert self.found(backend, "iphnoe") == []


@pytest.mark.postgres
@pytest.mark.django_db
class TestPostgresSearch(ForgivingSearchContract):
    @pytest.fixture
    def backend(self):
        return PostgresSearch()

    def test_inside_of_words_is_looked_where_nothing_begins_so(self, backend):
        self.make("Oq koʻylak")
        self.make("Kitob")

        assert self.found(backend, "oylak oq") == ["Oq koʻylak"]
        self.make("Oylak")
        assert self.found(backend, "oylak") == ["Oylak"]

    def test_a_site_without_trigrams_does_not_look_inside(self):
        self.make("Oq koʻylak")

        assert self.found(PostgresSearch(inside=False), "oylak") == []
        assert self.found(PostgresSearch(inside=False), "koyl") == ["Oq koʻylak"]

    def test_short_words_and_numbers_are_meant_as_they_are(self, backend):
        self.make("Koʻylak M qora")
        self.make("Koʻylak matoli qora")

        assert self.found(backend, "m qora") == ["Koʻylak M qora"]
        self.make("Telefon 15 oq")
        self.make("Telefon 1500 oq")
        assert self.found(backend, "15 oq") == ["Telefon 15 oq"]

    def test_codes_are_never_guessed(self, backend):
        self.make("Lamp", sku="AB1234")

        assert self.found(backend, "ab1234") == ["Lamp"]
        assert self.found(backend, "ab1243") == []

    def test_a_short_word_forgives_only_within_itself(self, backend):
        """One letter less and any ending would make "lapm" a laptop."""
        self.make("Laptop")

        assert self.found(backend, "lapm") == []
        self.make("Lamp")
        assert self.found(backend, "lapm") == ["Lamp"]

    def test_whether_something_answers_is_asked_of_what_is_on_sale(self, backend):
        self.make("iPhone")
        update_product(self.make("Iphnoe"), changes={"is_active": False})

        assert self.found(backend, "iphnoe") == ["iPhone"]

    def test_a_filter_that_leaves_nothing_forgives_nothing(self, backend):
        self.make("Boots")
        boats = self.make("Boats")

        assert self.found(backend, "boots", Product.objects.filter(pk=boats.pk)) == []

    def test_it_is_one_statement(self, backend, django_assert_num_queries):
        self.make("iPhone")

        with django_assert_num_queries(1):
            self.found(backend, "iphnoe")

    def test_the_worst_question_stays_bounded(self, backend):
        question = read_question(" ".join("abcdefghijklmno"[: 15 - n] for n in range(10)))
        sql, params = backend.narrow(Product.objects.on_sale(), question).query.sql_with_params()

        assert sum(len(one) for one in params if isinstance(one, str)) < 80_000
        with connection.cursor() as cursor:
            cursor.execute(sql, params)


class _Engine(EngineSearch):
    """An engine somewhere else, which happens to think as the database does."""

    def __init__(self):
        self.asked = []

    def find(self, question):
        self.asked.append(question.text)
        mind = DatabaseSearch()
        rows = mind.narrow(Product.objects.all(), question)
        return ranked(rows, mind.relevance(question)).values_list("pk", flat=True)


@pytest.mark.django_db
class TestEngineSearch(SearchBackendContract):
    @pytest.fixture
    def backend(self):
        return _Engine()

    def test_the_engine_is_asked_once(self, backend):
        self.make("Lamp")

        assert self.found(backend, "Lamp!") == ["Lamp"]
        assert backend.asked == ["Lamp!"]
