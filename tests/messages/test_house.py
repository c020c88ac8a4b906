"""Every text of the house is said in every language of the house."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.contrib.auth import get_user_model
from django.utils.functional import Promise

from tools.messages import homes
from tools.messages.faults import faults_in
from tools.messages.unmarked import unmarked_in

PACKAGE = [home for home in homes() if home.parent.name == "shopkit"]
OURS = [config for config in apps.get_app_configs() if config.name.startswith("shopkit.")]


def test_every_text_has_good_words_in_uzbek_karakalpak_and_russian():
    faults = faults_in(homes())

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("home", PACKAGE, ids=lambda home: home.name)
def test_no_text_for_people_is_left_unmarked(home):
    unmarked = unmarked_in(home)

    assert not unmarked, "\n".join(unmarked)


@pytest.mark.parametrize("config", OURS, ids=lambda config: config.label)
def test_apps_models_and_choices_have_names_that_can_be_translated(config):
    unnamed = [config.label] if not isinstance(config.verbose_name, Promise) else []
    for model in config.get_models():
        names = [model._meta.verbose_name, model._meta.verbose_name_plural]
        fields = [field for field in model._meta.get_fields() if not field.auto_created]
        names += [label for field in fields for _, label in field.choices or ()]
        names += [field.help_text for field in fields if field.help_text]
        unnamed += [f"{model.__name__}: {name}" for name in names if not isinstance(name, Promise)]

    assert not unnamed


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model",
    [model for model in admin.site._registry if model._meta.app_config in OURS],
    ids=lambda model: model._meta.label,
)
def test_what_the_admin_shows_has_names_that_can_be_translated(model, rf):
    page = admin.site._registry[model]
    request = rf.get("/")
    request.user = get_user_model()(is_superuser=True, is_staff=True, is_active=True)
    shown = [(page, name) for name in page.get_list_display(request)]
    for part in (page, *page.get_inline_instances(request)):
        shown += [(part, name) for name in flatten_fieldsets(part.get_fieldsets(request))]

    shown += [(page, name) for name in page.get_list_filter(request) if isinstance(name, str)]

    unnamed = [
        f"{type(part).__name__}: {name}"
        for part, name in shown
        if name not in {"__str__", "id"} and not isinstance(label_of(part, name), Promise)
    ]

    assert not unnamed


def label_of(part, name):
    form = getattr(part, "form", None)
    if form and name in form.base_fields and form.base_fields[name].label:
        return form.base_fields[name].label
    return label_for_field(name.rpartition("__")[2], model_of(part.model, name), part)


def model_of(model, name):
    for step in name.split("__")[:-1]:
        model = model._meta.get_field(step).related_model
    return model
