"""Texts are found wherever Django lets one mark them."""

import pytest

from tools.messages import ROOT
from tools.messages.sources import Text, Unreadable, in_module, in_template, texts_of

IMPORTS = """
from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy, gettext_noop
from django.utils.translation import ngettext_lazy as several, pgettext_lazy, npgettext
"""


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ('_("One.")', Text("", "One.")),
        ('_("A long " "text.")', Text("", "A long text.")),
        ('gettext_lazy("Lazy.")', Text("", "Lazy.")),
        ('gettext_noop("Later.")', Text("", "Later.")),
        ('translation.gettext("Far.")', Text("", "Far.")),
        ('several("%d thing", "%d things", "count")', Text("", "%d thing", "%d things")),
        ('pgettext_lazy("SMS", "Sent.")', Text("SMS", "Sent.")),
        ('npgettext("SMS", "%d day", "%d days", 2)', Text("SMS", "%d day", "%d days")),
        ('_("%d left") % 3', Text("", "%d left")),
        ('_("{left} left").format(left=3)', Text("", "{left} left")),
    ],
)
def test_a_module_says_what_it_marks(call, text):
    assert list(in_module(IMPORTS + call)) == [text]


@pytest.mark.parametrize("call", ["_(label)", "_(KINDS[kind])", "_()", "print('Hello')"])
def test_looking_up_what_is_marked_elsewhere_says_nothing(call):
    assert list(in_module(IMPORTS + call)) == []


def test_a_function_of_another_house_marks_nothing():
    assert list(in_module("from somewhere import gettext as _\n_('One.')")) == []


@pytest.mark.parametrize("text", ['f"{count} left"', '"%d left" % 3', '"{}".format(3)', 'a + "b"'])
def test_a_text_made_as_the_program_runs_is_refused_with_its_place(text):
    with pytest.raises(Unreadable) as refused:
        list(in_module(f"{IMPORTS}\n_({text})", "shop/errors.py"))

    assert str(refused.value).startswith("shop/errors.py:6: ")


@pytest.mark.parametrize(
    ("tags", "text"),
    [
        ('{% translate "Go on" %}', Text("", "Go on")),
        ('{% trans "It\'s here" as title %}', Text("", "It's here")),
        ('{% translate "Send" context "SMS" %}', Text("SMS", "Send")),
        ('{{ _("Order")|upper }}', Text("", "Order")),
        (
            "{% blocktranslate trimmed %}\n Code:\n {{ code }}\n{% endblocktranslate %}",
            Text("", "Code: %(code)s"),
        ),
        (
            "{% blocktrans count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktrans %}",
            Text("", "%(n)s day", "%(n)s days"),
        ),
        (
            '{% blocktranslate context "SMS" %}Total: {{ sum }}{% endblocktranslate %}',
            Text("SMS", "Total: %(sum)s"),
        ),
    ],
)
def test_a_template_says_what_it_marks(tags, text):
    assert list(in_template("{% load i18n %}<b>gettext('no')</b>" + tags)) == [text]


def test_an_app_tells_where_it_says_a_text(tmp_path):
    app = tmp_path / "shop"
    (app / "templates").mkdir(parents=True)
    (app / "migrations").mkdir()
    (app / "models.py").write_text(IMPORTS + '_("name"); _("name"); several("day", "days", 1)')
    (app / "admin.py").write_text(IMPORTS + '_("name"); _("day")')
    (app / "templates" / "page.html").write_text('{% load i18n %}{% translate "Welcome" %}')
    (app / "migrations" / "0001_first.py").write_text(IMPORTS + '_("old name")')

    assert texts_of(app) == {
        Text("", "name"): ["shop/admin.py", "shop/models.py"],
        Text("", "day", "days"): ["shop/models.py", "shop/admin.py"],
        Text("", "Welcome"): ["shop/templates/page.html"],
    }


def test_the_texts_of_a_real_app_are_found():
    """Else the check of the house would pass without looking at anything."""
    said = texts_of(ROOT / "src" / "shopkit" / "accounts")

    assert Text("", "The password is wrong.") in said
    assert Text("", "%d session was ended.", "%d sessions were ended.") in said
    assert Text("", "Your code: <strong>%(code)s</strong>") in said
