"""Can a stranger tell by the clock who is known? Measures known against unknown identifiers.

    python benchmarks/timing_identity.py [samples]

Each call is made for ``samples`` known and as many unknown identifiers, in turn, through the whole
HTTP stack on a fresh database. Printed is the AUC: how often a known one took longer than an
unknown one (0.5 is a coin). Exit code 1 when one is 0.60 or more, or 0.40 or less.
Passwords are hashed with few rounds on purpose, so that no slow hash hides a difference.
"""

import gc
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("SHOPKIT_TEST_SUFFIX", "_timing")

import django  # noqa: E402 - the paths come first

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.hashers import PBKDF2PasswordHasher  # noqa: E402
from django.test.utils import get_runner, setup_test_environment  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from shopkit.accounts.models import EmailAddress  # noqa: E402
from shopkit.otp.models import Challenge  # noqa: E402

LARGEST_AUC = 0.60
PASSWORD = "a-good-passphrase-7"


class QuickHasher(PBKDF2PasswordHasher):
    """Two milliseconds or so."""

    algorithm = "quick"
    iterations = 5_000


def main(samples: int) -> int:
    """Measure every call; return the exit code."""
    logging.disable(logging.CRITICAL)
    setup_test_environment()
    settings.PASSWORD_HASHERS = [f"{__name__}.QuickHasher"]
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        # Codes leave by a command of the site's, never within a request.
        "FACTS": {"DELIVERY": "manual"},
        "OTP": dict.fromkeys(("PER_ADDRESS", "PER_DESTINATION", "PER_CHANNEL", "PER_PREFIX"), ()),
        "ACCOUNTS": dict.fromkeys(("LOGINS_PER_ADDRESS", "LOGINS_PER_NAME", "LOGINS_PER_PAIR"), ()),
    }
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        return measure_all(samples)
    finally:
        runner.teardown_databases(databases)


def measure_all(samples: int) -> int:
    """Make the known people, then measure call by call."""
    users = get_user_model()._default_manager
    model = get_user_model()(username="pattern")
    model.set_password(PASSWORD)
    for number in range(samples):
        user = users.create(username=f"known{number}", password=model.password)
        EmailAddress.objects.create(user=user, address=f"known{number}@example.com")
    calls: dict[str, Callable[[str, str], tuple[str, dict[str, Any]]]] = {
        "login": lambda who, _: ("auth/login/", {"identifier": who, "password": "wrong"}),
        "forgot": lambda who, _: ("auth/password/forgot/", {"identifier": who}),
        "otp": lambda who, _: ("auth/otp/", {"channel": "email", "email": who}),
        "register": lambda who, name: (
            "auth/register/",
            {"email": who, "username": name, "password": PASSWORD},
        ),
    }
    worst = 0.0
    for name, call in calls.items():
        known, unknown = measure(name, call, samples)
        auc = auc_of(known, unknown)
        worst = max(worst, auc, 1 - auc)
        print(
            f"{name:10} AUC {auc:.3f}   median known {median(known) * 1e3:.2f} ms, "
            f"unknown {median(unknown) * 1e3:.2f} ms, {samples} samples each"
        )
    return int(worst >= LARGEST_AUC)


def measure(
    name: str, call: Callable[[str, str], tuple[str, dict[str, Any]]], samples: int
) -> tuple[list[float], list[float]]:
    """Return the seconds of known and of unknown ones, measured in turn."""
    # One purpose serves two calls; the pause of the one is not the other's business here.
    Challenge.objects.all().delete()
    client = APIClient()
    taken: tuple[list[float], list[float]] = ([], [])
    path, body = call("warm@example.com", "warm-up")
    client.post(f"/api/v1/{path}", body, format="json")
    gc.disable()
    for number in range(samples):
        for side in (number % 2, 1 - number % 2):
            kind = ("known", "other")[side]
            path, body = call(f"{kind}{number}@example.com", f"{name}{side}x{number}")
            begun = time.perf_counter()
            answer = client.post(f"/api/v1/{path}", body, format="json")
            taken[side].append(time.perf_counter() - begun)
            assert answer.status_code in {201, 202, 401}, answer.data
    gc.enable()
    return taken


def auc_of(known: list[float], unknown: list[float]) -> float:
    """Return the share of pairs in which the known one took longer (Mann-Whitney U)."""
    ranked = sorted([(one, 1) for one in known] + [(one, 0) for one in unknown])
    ranks = sum(place for place, (_, is_known) in enumerate(ranked, start=1) if is_known)
    count = len(known)
    return (ranks - count * (count + 1) / 2) / (count * len(unknown))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
