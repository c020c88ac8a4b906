"""English words that nobody marked are found where such words usually stand."""

import pytest

from tools.messages.unmarked import in_page, in_source, unmarked_in


@pytest.mark.parametrize(
    "source",
    [
        'raise ValidationError("Not now.")',
        'raise serializers.ValidationError({"name": ["Not now."]})',
        'raise ValidationError(f"Not now, {name}.")',
        'raise ValidationError("Not now, %s." % name)',
        'raise NotFound("Not now.")',
        'name = models.CharField("Not now.", max_length=5)',
        'name = models.CharField(verbose_name="Not now.")',
        'name = forms.CharField(help_text="Not now.")',
        'class A(Refusal):\n    message = "Not now."',
        'class A(Refusal):\n    message: str = "Not now."',
        'class A(AppConfig):\n    verbose_name = "Not now."',
        'class A(models.TextChoices):\n    LATER = "later", "Not now."',
        'class A(models.TextChoices):\n    LATER = "Not now."',
        'class A(ModelAdmin):\n    fieldsets = (("Not now.", {"fields": ("a",)}),)',
        'self.message_user(request, "Not now.")',
        'messages.success(request, "Not now.")',
        '@admin.action(description="Not now.")\ndef later(self): ...',
    ],
)
def test_words_in_their_usual_places_are_found(source):
    ((_, words),) = in_source(source)

    assert words.startswith("Not now")


@pytest.mark.parametrize(
    "mark", ["@admin.display", "@admin.action()", "@admin.display(ordering='a')"]
)
def test_a_column_named_after_its_function_is_found(mark):
    assert list(in_source(f"{mark}\ndef left(self): ...")) == [(2, "left")]


@pytest.mark.parametrize(
    "source",
    [
        'raise ValidationError(_("Not now."), code="later")',
        'raise ValueError("Not now.")',
        'logger.warning("Not now.")',
        'name = models.CharField(_("name"), max_length=5, default="Not now.")',
        'price = forms.CharField(label="—")',
        'class A(models.TextChoices):\n    LATER = "later", _("Not now.")',
        '@admin.display(description=_("left"))\ndef left(self): ...',
        "@contextmanager\ndef left(self): ...",
        'fieldsets = ((None, {"fields": ("a",)}),)',
    ],
)
def test_marked_words_and_words_for_developers_are_left_alone(source):
    assert list(in_source(source)) == []


def test_descriptions_of_the_api_stay_english():
    source = 'name = serializers.CharField(help_text="Not now.")'

    assert list(in_source(source, documented=True)) == []
    assert list(in_source(source)) == [(1, "Not now.")]


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<b>Not now.</b>", [(1, "Not now.")]),
        ("{% if a %}\nNot now.\n{% endif %}", [(2, "Not now.")]),
        ("<!--\n-->\n<i>Not</i> now, {{ name }}", [(3, "Not"), (3, "now,")]),
        ('{% translate "Not now." %} {{ price }} &times; 2 px', []),
        ("{% blocktranslate %}Not {{ name }}{% endblocktranslate %}", []),
        ('<input title="{{ x }}" name="now"><script>let now = 1</script>', []),
        ("{# not now #}{% comment %}not now{% endcomment %}", []),
    ],
)
def test_words_of_a_template_are_found(page, found):
    assert list(in_page(page)) == found


def test_an_app_is_searched_but_for_what_developers_read(tmp_path):
    for name in ("errors.py", "checks.py", "management/commands/tell.py", "migrations/0001.py"):
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('class A:\n    message = "Not now."\n')

    assert unmarked_in(tmp_path / "shop") == ["shop/errors.py:2: 'Not now.' is not marked"]
