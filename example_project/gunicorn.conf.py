"""How gunicorn serves the demo shop: ``gunicorn config.wsgi --chdir example_project -c ...``."""

import os
from pathlib import Path

workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
worker_class = "gthread"

# Seconds. Longer than the database's statement_timeout, so that a slow statement ends as 503 and
# not as a killed worker.
timeout = 60
graceful_timeout = 30
keepalive = 5

# A worker that leaks is replaced before it hurts, and never all of them at once.
max_requests = 10_000
max_requests_jitter = 2_000

# The heartbeat is a file: in memory, a busy disk cannot make a worker look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn's own advice
control_socket_disable = True

# shopkit.access writes the lines about requests; gunicorn's would hold paths with their queries.
accesslog = None
errorlog = "-"
if os.environ.get("LOG_FORMAT") == "json":
    logconfig_dict = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "shopkit.core.logs.JsonFormatter"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {"gunicorn.error": {"handlers": ["console"], "propagate": False}},
    }
