#!/bin/sh
# Starts one part of the shop in this process: web, worker or beat. Anything else is a command to run
# as it is, "manage" for one of Django's: entrypoint.sh manage shopkit_doctor
#
# WAIT_SECONDS -- how long to wait for the database before giving up (60)
# PORT -- where web listens (8000)
set -eu
cd "$(dirname "$0")/example_project"
wait_seconds="${WAIT_SECONDS:-60}"

# Steps run beside this shell, which is deaf while a command runs in the foreground: so a container
# that is told to stop while it waits does stop.
step=
stop() {
  trap - TERM INT
  if [ -n "$step" ]; then kill -TERM "$step" 2>/dev/null || true; wait "$step" || true; fi
  exit 143
}
trap stop TERM INT
run() {
  "$@" &
  step=$!
  wait "$step"
  step=
}

role="${1:-web}"
if [ $# -gt 0 ]; then shift; fi

case "$role" in
  web)
    run python manage.py shopkit_wait database --seconds "$wait_seconds"
    run python manage.py shopkit_migrate # one at a time, however many containers start
    run python manage.py collectstatic --noinput --verbosity 0
    exec gunicorn config.wsgi --config gunicorn.conf.py --bind "0.0.0.0:${PORT:-8000}" "$@"
    ;;
  worker)
    run python manage.py shopkit_wait database migrations --seconds "$wait_seconds"
    exec celery -A config worker --loglevel INFO "$@"
    ;;
  beat)
    run python manage.py shopkit_wait database migrations --seconds "$wait_seconds"
    exec celery -A config beat --loglevel INFO --pidfile= \
      --schedule "${SHOPKIT_VAR:-../var}/celerybeat-schedule" "$@"
    ;;
  manage)
    exec python manage.py "$@"
    ;;
  *)
    exec "$role" "$@"
    ;;
esac
