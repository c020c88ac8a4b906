"""Pictures on their product's page."""

# mypy: disable-error-code="type-arg"

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from shopkit.catalog.conf import catalog_settings
from shopkit.catalog.models import Image, Product
from shopkit.catalog.services.images import (
    ImageData,
    clean_upload,
    delete_image,
    keep_image,
    order_images,
    update_image,
)
from shopkit.catalog.translation import merged

from .base import note_changes, place_of
from .looking import ShowsTexts, may_write
from .translations import TranslatedForm, with_texts

PREVIEW = "thumb"


class PictureInput(forms.FileInput):
    """Asks for a file; where there is one, shows it instead.

    preview -- address of what is shown, or ""
    address -- of the whole picture
    """

    preview = address = ""

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def render(self, *args: Any, **kwargs: Any) -> Any:
        """Return the input or the picture."""
        if not self.preview:
            return super().render(*args, **kwargs)
        return _linked(self.address, self.preview)


class UploadField(forms.FileField):
    """A picture; what comes out is re-encoded by us."""

    widget = PictureInput

    def clean(self, value: Any, initial: Any = None) -> Any:
        """Return the picture as the service keeps it, or None."""
        given = super().clean(value, initial)
        if not given:
            return None
        try:
            return clean_upload(given)
        except ValidationError as error:
            # The service's errors name their member; this field is that one.
            raise ValidationError(error.error_dict["image"]) from error


class ImageForm(TranslatedForm):
    """A picture: uploaded once, then described and moved."""

    upload = UploadField(
        label=_("Picture"), required=False, help_text=_("JPEG, PNG or WebP, at most 5 MB.")
    )
    position = forms.IntegerField(
        label=_("Position"),
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        help_text=_("The lowest comes first and is shown in lists. Empty for the last."),
    )

    class Meta:
        model = Image
        fields = ("alt", "variant", "position")

    def __init__(self, *args: Any, variants: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self._show(self.instance)
        elif "position" in self.fields:
            self.initial["position"] = None
        if "variant" in self.fields:
            box: Any = self.fields["variant"]
            box.choices = variants

    def _show(self, image: Image) -> None:
        field: Any = self.fields["upload"]
        field.disabled, field.help_text = True, ""
        field.widget.address, field.widget.preview = _addresses(image)

    def clean(self) -> Any:
        """Ask for the picture where something was said of it."""
        cleaned = super().clean() or self.cleaned_data
        is_new = not self.instance.pk and self.has_changed()
        if is_new and not self.cleaned_data.get("upload") and "upload" not in self.errors:
            self.add_error("upload", ValidationError(_("Choose a picture."), code="required"))
        return cleaned

    @property
    def told(self) -> dict[str, Any]:
        """What is said of the picture, as the services take it, its place apart."""
        variant = self.cleaned_data.get("variant")
        return {
            "alt": self.cleaned_data.get("alt", ""),
            "variant_id": variant.pk if variant else None,
        }


class ImageFormSet(forms.BaseInlineFormSet):
    """The pictures of one product."""

    @cached_property
    def variants(self) -> list[tuple[Any, Any]]:
        """The choices of the variant, looked up once for all forms."""
        own = self.instance.variants.order_by("position", "pk") if self.instance.pk else ()
        return [("", _("all variants")), *((one.pk, one.name or one.sku) for one in own)]

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Give every form the same choices."""
        return {**super().get_form_kwargs(index), "variants": self.variants}

    def clean(self) -> None:
        """Refuse more pictures than a product may have."""
        super().clean()
        most = catalog_settings().MAX_IMAGES
        if len(self.kept_forms) > most:
            raise ValidationError(_("A product has at most %d pictures.") % most)

    @property
    def kept_forms(self) -> list[Any]:
        """The forms that stand for a picture after this page."""
        filled = [one for one in self.forms if one.instance.pk or one.has_changed()]
        return [one for one in filled if one not in self.deleted_forms]

    def save_images(self, product: Product) -> None:
        """Write what was changed through the services, then put all of them in order."""
        doomed = [one.instance for one in self.deleted_forms if one.instance.pk]
        kept: list[Any] = self.kept_forms
        chosen = [one for one in kept if one.has_changed()]
        for image in doomed:
            delete_image(image)
        new = [one for one in chosen if not one.instance.pk]
        for form in new:
            data = ImageData(**form.told, translations=merged({}, form.text_changes))
            picture = form.cleaned_data["upload"]
            form.instance = keep_image(product, picture=picture, data=data)
        changed = [(one, one.changed_data) for one in chosen if one not in new]
        for form, names in changed:
            if set(names) - {"position"}:
                texts = {"translations": form.text_changes} if form.text_changes else {}
                update_image(form.instance, changes={**form.told, **texts})
        if any("position" in one.changed_data for one in chosen):
            order_images(product, [one.instance.pk for one in sorted(kept, key=place_of)])
        note_changes(
            self,
            new=[one.instance for one in new],
            changed=[(one.instance, names) for one, names in changed],
            deleted=doomed,
        )


class ImageInline(ShowsTexts, admin.StackedInline):
    """Pictures with a preview, to be uploaded, described, moved and deleted."""

    model = Image
    form = ImageForm
    formset = ImageFormSet
    extra = 0
    ordering = ("position", "pk")
    readonly_fields = ("preview", "written_texts")

    @admin.display(description=_("Picture"))
    def preview(self, image: Image) -> str:
        """Show the picture to who may only look."""
        return _linked(*_addresses(image))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the picture and what is said of it, then the same in other languages."""
        if not may_write(self, request, obj):
            shown = ("preview", "alt", "variant", "position", "written_texts")
            return [(None, {"fields": shown})]
        own = [(None, {"fields": ("upload", "alt", "variant", "position")})]
        boxes = tuple(with_texts(self.form).texts)
        more = {"fields": [boxes], "classes": ("collapse",)}
        return [*own, *([(_("In other languages"), more)] if boxes else [])]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Build the forms with today's languages."""
        return super().get_formset(request, obj, **{**kwargs, "form": with_texts(self.form)})

    def get_max_num(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Stop where the service stops."""
        return catalog_settings().MAX_IMAGES


def _addresses(image: Image) -> tuple[str, str]:
    """Return where the whole picture is, and where the one that is shown for it."""
    url_of, name = image.file.storage.url, str(image.file.name)
    return url_of(name), url_of(image.sizes.get(PREVIEW, name))


def _linked(address: str, preview: str) -> SafeString:
    return format_html(
        '<a href="{}" target="_blank" rel="noopener"><img src="{}" alt="" loading="lazy"'
        ' style="max-width: 160px; max-height: 160px"></a>',
        address,
        preview,
    )
