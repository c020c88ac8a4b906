"""Jobs are declared by apps, read late, and run when they are due."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured

from shopkit.core import checks
from shopkit.core.checks import check_delivery, check_jobs
from shopkit.core.schedule import Job, Timetable, beat_schedule, jobs

RAN = []


def note():
    RAN.append("note")
    return 3


def fail():
    RAN.append("fail")
    raise RuntimeError("no")


def job(name, function="note", every=timedelta(minutes=1)):
    return Job(name, run=f"{__name__}.{function}", task="site.tasks.note", every=every)


@pytest.fixture
def only(monkeypatch):
    """``only(job, ...)`` makes these the jobs of the whole site."""
    RAN.clear()

    def declare(*declared):
        for config in apps.get_app_configs():
            if getattr(config, "shopkit_jobs", None) is not None:
                monkeypatch.setattr(type(config), "shopkit_jobs", ())
        monkeypatch.setattr(type(apps.get_app_config("auth")), "shopkit_jobs", declared, False)

    return declare


def test_an_entry_of_the_beat_names_the_task_and_outlives_no_pause(only):
    only(job("often", every=timedelta(seconds=10)), job("seldom", every=timedelta(days=1)))

    assert dict(beat_schedule()) == {
        "often": {
            "task": "site.tasks.note",
            "schedule": timedelta(seconds=10),
            "options": {"expires": 60},
        },
        "seldom": {
            "task": "site.tasks.note",
            "schedule": timedelta(days=1),
            "options": {"expires": 86400},
        },
    }


def test_a_site_adds_replaces_and_leaves_out_entries(only):
    only(job("a"), job("b"), job("c"))
    mine, other = {"task": "x.y", "schedule": 5}, {"task": "x.z", "schedule": 6}

    schedule = dict(beat_schedule({"mine": mine, "b": other, "c": None}))

    assert sorted(schedule) == ["a", "b", "mine"]
    assert (schedule["mine"], schedule["b"]) == (mine, other)


def test_the_sweep_comes_as_often_as_the_site_says(settings):
    settings.SHOPKIT = {"FACTS": {"SWEEP_EVERY": timedelta(seconds=7)}}

    assert beat_schedule()["shopkit-deliver-facts"]["schedule"] == timedelta(seconds=7)


def test_a_settings_file_may_ask_for_the_schedule_before_any_app_is_loaded_and_without_celery():
    code = """
import sys
sys.modules["celery"] = None
import django
from django.conf import settings
from shopkit.core.schedule import beat_schedule
settings.configure(
    USE_TZ=True, CELERY_BEAT_SCHEDULE=beat_schedule(),
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "shopkit.core"],
)
django.setup()
print(sorted(settings.CELERY_BEAT_SCHEDULE))
"""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.stderr == ""
    assert done.stdout == (
        "['shopkit-deliver-facts', 'shopkit-forget-answers', 'shopkit-forget-delivered-facts']\n"
    )


def test_two_jobs_of_one_name_are_refused(only):
    only(job("same"), job("same", "fail"))

    with pytest.raises(ImproperlyConfigured, match="Two jobs are called 'same'"):
        jobs()
    assert [one.id for one in check_jobs()] == ["shopkit.core.E008"]


def test_what_is_no_job_is_refused(only):
    only({"name": "x"})

    with pytest.raises(ImproperlyConfigured, match=r"django\.contrib\.auth: .* is not a Job\."):
        jobs()


def test_a_job_that_cannot_be_imported_is_found_by_the_check(only):
    only(job("gone", "missing"))

    (found,) = check_jobs()
    assert found.id == "shopkit.core.E008"
    assert f"Cannot import '{__name__}.missing'" in found.msg


def test_a_timetable_runs_a_job_again_when_its_time_has_come(only, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("shopkit.core.schedule.time.monotonic", lambda: now[0])
    only(job("a"), job("b", "fail", every=timedelta(minutes=2)))
    timetable = Timetable()

    assert timetable.run_due() == {"a": 3, "b": None}
    assert timetable.run_due() == {}
    now[0] += 60
    assert timetable.run_due() == {"a": 3}
    now[0] += 60
    assert timetable.run_due() == {"a": 3, "b": None}
    assert RAN == ["note", "fail", "note", "note", "fail"]


def test_a_timetable_that_is_told_to_stop_begins_no_other_job(only):
    only(job("a"), job("b", "fail"), job("c"))
    timetable = Timetable()

    assert timetable.run_due(until=lambda: len(RAN) == 2) == {"a": 3, "b": None}
    assert timetable.run_due() == {"c": 3}


def test_delivery_by_celery_needs_celery(settings, monkeypatch):
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "celery"}}
    assert check_delivery() == []

    monkeypatch.setattr(checks, "find_spec", lambda name: None)

    assert check_delivery() == [
        Error(
            'SHOPKIT["FACTS"]: DELIVERY is "celery", and Celery is not installed.',
            hint='pip install "shopkit[celery]"',
            id="shopkit.core.E007",
        )
    ]
