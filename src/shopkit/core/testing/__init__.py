"""For tests of sites: the books must balance at the end of every story."""

from shopkit.core.doctor import check, chosen


def assert_books_balance(*only: str) -> None:
    """Fail with the list when the doctor finds an error.

    only -- apps or probes, where a test has made rows that no service makes; all by default
    """
    __tracebackhide__ = True  # pytest shows the caller's line
    results = [check(one) for one in chosen(only)]
    wrong = [
        f"{result.probe.name}: {one.subject}: {one.message}"
        for result in results
        for one in result.shown
        if not one.is_warning
    ]
    if any(result.errors for result in results):
        raise AssertionError("The books do not balance:\n" + "\n".join(wrong))
