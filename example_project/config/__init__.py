"""The demo shop's configuration."""

from importlib.util import find_spec

# Where Celery is installed, shared tasks find the broker in every process, not in workers only.
if find_spec("celery"):
    from .celery import app as celery_app  # noqa: F401
