"""The least that Django lets a user be."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class MemberManager(BaseUserManager["Member"]):
    """Makes members; its ``create_user`` has a signature of its own."""

    def create_user(self, login: str, password: str | None = None) -> "Member":
        """Make a member."""
        member = self.model(login=login)
        member.set_password(password)
        member.save(using=self._db)
        return member


class Member(AbstractBaseUser):
    """Signs in by ``login``; can be locked, but has no ``is_active`` column."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    login = models.CharField(max_length=40, unique=True)
    mail = models.EmailField(unique=True, null=True)  # noqa: DJ001 - unique where there is one
    is_locked = models.BooleanField(default=False)
    last_login = None

    objects = MemberManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "mail"
    REQUIRED_FIELDS: ClassVar[list[Any]] = []

    def __str__(self) -> str:
        return self.login

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Say whether the member may act."""
        return not self.is_locked

    @is_active.setter
    def is_active(self, value: bool) -> None:
        self.is_locked = not value
