"""Admin of users' side tables. Neither a code nor anything of a token or a password is shown."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shopkit.otp.services import unlock

from .models import (
    Address,
    AuthSession,
    EmailAddress,
    EndReason,
    PendingRegistration,
    PhoneNumber,
    Profile,
    TelegramAccount,
)
from .services import end_sessions
from .services.contacts import remove_contact
from .services.limits import name_key
from .services.linking import unlink
from .services.second_factor import drop_second_factor


class OfUser(admin.ModelAdmin):
    """Rows that only services write; found by the site's own kind of username."""

    list_select_related: ClassVar[Any] = ("user",)
    show_full_result_count = False
    own_search_fields: tuple[str, ...] = ()

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Search by the user's name and by what is the row's own."""
        return (f"user__{get_user_model().USERNAME_FIELD}", *self.own_search_fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody types them in: what they say was proven."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are looked at only."""
        return False


@admin.register(AuthSession)
class AuthSessionAdmin(OfUser):
    """Sessions can be ended by who may delete them."""

    list_display = (
        "user",
        "method",
        "agent",
        "address",
        "created_at",
        "used_at",
        "ended_at",
        "end_reason",
    )
    list_filter = ("method", "end_reason", "created_at")
    fields = (*list_display, "expires_at")
    actions = ("end_session",)
    own_search_fields = ("address",)

    @admin.action(description=_("End the chosen sessions"), permissions=["delete"])
    def end_session(self, request: HttpRequest, queryset: QuerySet[AuthSession]) -> None:
        """Sign the chosen devices out, at once."""
        chosen = AuthSession.objects.filter(pk__in=queryset.values("pk"))
        count = end_sessions(chosen, reason=EndReason.STAFF)
        text = ngettext("%d session was ended.", "%d sessions were ended.", count)
        self.message_user(request, text % count, messages.SUCCESS)


@admin.register(Profile)
class ProfileAdmin(OfUser):
    """People; whom staff can sign out everywhere."""

    list_display = ("user", "language", "two_factor")
    list_filter = ("language", "two_factor")
    fields = (*list_display, "photo")
    actions = ("end_all_sessions", "drop_factor")

    @admin.action(description=_("Sign the chosen users out everywhere"), permissions=["delete"])
    def end_all_sessions(self, request: HttpRequest, queryset: QuerySet[Profile]) -> None:
        """End every session of the chosen users, at once."""
        chosen = AuthSession.objects.filter(user__in=queryset.values("user"))
        count = end_sessions(chosen, reason=EndReason.STAFF)
        text = ngettext("%d session was ended.", "%d sessions were ended.", count)
        self.message_user(request, text % count, messages.SUCCESS)

    @admin.action(description=_("Switch the second factor off"), permissions=["delete"])
    def drop_factor(self, request: HttpRequest, queryset: QuerySet[Profile]) -> None:
        """For who cannot reach it any more. Each of them is told, wherever he can be reached."""
        count = sum(drop_second_factor(one.user) for one in queryset.select_related("user"))
        text = ngettext("%d was switched off.", "%d were switched off.", count)
        self.message_user(request, text % count, messages.SUCCESS)


class ContactAdmin(OfUser):
    """A proven contact: whoever is locked out by its budgets is let in again.

    Deleting one takes it from its user, who is told.
    """

    actions = ("unlock",)
    destination = ""

    @admin.action(description=_("Allow codes and passwords again at once"), permissions=["delete"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Forget what was counted for the chosen contacts."""
        found = list(queryset.values_list(self.destination, flat=True))
        count = sum(unlock(key=one) + unlock(key=name_key(one)) > 0 for one in found)
        text = ngettext("%d was unlocked.", "%d were unlocked.", count)
        self.message_user(request, text % count, messages.SUCCESS)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Remove one."""
        remove_contact(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Remove several."""
        for row in queryset.select_related("user"):
            remove_contact(row)


@admin.register(PhoneNumber)
class PhoneNumberAdmin(ContactAdmin):
    """Proven numbers."""

    list_display = ("user", "number", "verified_at")
    fields = list_display
    own_search_fields = ("number",)
    destination = "number"


@admin.register(EmailAddress)
class EmailAddressAdmin(ContactAdmin):
    """Proven e-mail addresses."""

    list_display = ("user", "address", "verified_at")
    fields = list_display
    own_search_fields = ("address",)
    destination = "address"


@admin.register(TelegramAccount)
class TelegramAccountAdmin(OfUser):
    """Whose Telegram is whose; a link can be undone by who may delete it, in either way."""

    list_display = ("user", "telegram_id", "chat_id", "linked_at")
    fields = list_display
    own_search_fields = ("telegram_id__exact",)
    actions = ("unlink",)

    @admin.action(description=_("Unlink the chosen Telegram accounts"), permissions=["delete"])
    def unlink(self, request: HttpRequest, queryset: QuerySet[TelegramAccount]) -> None:
        """Unbind the chosen accounts and withdraw the codes that are on their way to them."""
        chosen = list(queryset.select_related("user"))
        for link in chosen:
            unlink(link)
        text = ngettext("%d account was unlinked.", "%d accounts were unlinked.", len(chosen))
        self.message_user(request, text % len(chosen), messages.SUCCESS)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Unlink one."""
        unlink(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Unlink several."""
        for link in queryset.select_related("user"):
            unlink(link)


@admin.register(Address)
class AddressAdmin(OfUser):
    """Address books."""

    list_display = ("user", "label", "city", "street", "is_default")
    fields = (
        *list_display,
        "country",
        "region",
        "postal_code",
        "latitude",
        "longitude",
        "note",
        "created_at",
    )
    own_search_fields = ("city", "street")


@admin.register(PendingRegistration)
class PendingRegistrationAdmin(OfUser):
    """Who has not proven an address yet; nothing of the password is shown."""

    list_select_related = False
    list_display = ("created_at", "username", "destination", "expires_at")
    fields = (*list_display, "first_name", "last_name")

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """No user stands behind them yet."""
        return ("username", "destination")
