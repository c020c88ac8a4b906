"""What users want to be told, and how. The inbox gets everything.

Codes, and what accounts say about a changed password or phone, are none of these: nobody can
switch them off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from shopkit.notifications.channels.loading import channels_of
from shopkit.notifications.kinds import KINDS
from shopkit.notifications.models import Preference


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One kind and one channel: is it wanted?"""

    kind: str
    channel: str
    is_enabled: bool


@dataclass(frozen=True)
class Wishes:
    """What one user chose: {(kind, channel): whether he wants it}."""

    chosen: Mapping[tuple[str, str], bool] = field(default_factory=dict)

    def wants(self, kind: str, channel: str) -> bool:
        """Say whether a message may be sent; where nothing was chosen, the site decides."""
        return self.chosen.get((kind, channel), True)


def wishes_of(user: Any) -> Wishes:
    """Return what ``user`` chose; nothing for None."""
    if user is None:
        return Wishes()
    rows = Preference.objects.filter(user=user).order_by()
    found = rows.values_list("kind", "channel", "is_enabled")
    return Wishes({(kind, channel): wanted for kind, channel, wanted in found})


def preferences_of(user: Any) -> list[Choice]:
    """Return every choice there is on this site, as ``user`` or the site made it."""
    wishes = wishes_of(user)
    return [
        Choice(kind=kind, channel=channel, is_enabled=wishes.wants(kind, channel))
        for kind, channel in _choosable()
    ]


def change_preferences(user: Any, choices: Sequence[Choice]) -> list[Choice]:
    """Keep these choices, leave the others; return all of them.

    Raises ValidationError for a kind and channel that nobody can choose; nothing has changed then.
    """
    known = set(_choosable())
    for choice in choices:
        if (choice.kind, choice.channel) not in known:
            text = _("There is nothing to choose for %(kind)s by %(channel)s.")
            wrong = ValidationError(
                text, code="unknown_choice", params={"kind": choice.kind, "channel": choice.channel}
            )
            raise ValidationError({"preferences": wrong})
    # Of two choices about the same the last one counts. Rows are taken in one order, so that two
    # calls at once wait and cannot deadlock.
    latest = {(one.kind, one.channel): one for one in choices}
    Preference.objects.bulk_create(
        [
            Preference(
                user=user,
                kind=one.kind,
                channel=one.channel,
                is_enabled=one.is_enabled,
                changed_at=Now(),
            )
            for _key, one in sorted(latest.items())
        ],
        update_conflicts=True,
        unique_fields=["user", "kind", "channel"],
        update_fields=["is_enabled", "changed_at"],
    )
    return preferences_of(user)


def _choosable() -> list[tuple[str, str]]:
    return [
        (name, channel)
        for name, kind in KINDS.items()
        if not kind.is_staff
        for channel in channels_of(name)
    ]
