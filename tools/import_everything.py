"""Import every module of the installed shopkit on a site with bare settings.

It needs nothing but shopkit and its required dependencies, so it proves in an empty environment
that no module asks for an extra, a database driver or a test tool behind our back.
"""

import importlib
import importlib.util
import pkgutil
import sys
import traceback

import django
from django.conf import settings

# A module by this name may need this package, which is an extra or a development tool.
MAY_NEED = {"testing": "pytest", "tasks": "celery", "broker": "celery"}


def apps() -> list[str]:
    """Return the dotted names of our Django apps."""
    package = importlib.import_module("shopkit")
    found = pkgutil.iter_modules(package.__path__, "shopkit.")
    names = (module.name for module in found if module.ispkg)
    return [name for name in names if importlib.util.find_spec(f"{name}.apps")]


def start_site() -> None:
    """Set up Django with every app of ours and the fewest settings that can work."""
    settings.configure(
        SECRET_KEY="not-secret-" * 4,
        ROOT_URLCONF="shopkit.urls",
        USE_TZ=True,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=[
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.messages",
            "django.contrib.sessions",
            "django_filters",
            "drf_spectacular",
            "mptt",
            "rest_framework",
            *apps(),
        ],
    )
    django.setup()


def excused(name: str, error: Exception) -> bool:
    """Say whether module ``name`` may lack what it did not find."""
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return False
    missing = error.name.partition(".")[0]
    return any(MAY_NEED.get(part) == missing for part in name.split("."))


def main() -> int:
    start_site()
    package = importlib.import_module("shopkit")
    names = [module.name for module in pkgutil.walk_packages(package.__path__, "shopkit.")]
    failed = 0
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 - whatever it is, the report goes on
            if excused(name, error):
                print(f"{name}: left out, needs {error.name}")
                continue
            failed += 1
            print(f"{name}: cannot be imported", file=sys.stderr)
            traceback.print_exc()
    print(f"{len(names) - failed} of {len(names)} modules import on Django {django.__version__}")
    return 1 if failed or not names else 0


if __name__ == "__main__":
    sys.exit(main())
