"""Commands that take long draw a bar on a terminal, and nothing into a file."""

import io

import pytest

from shopkit.core.management.bars import bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("total", [None, 3])
def test_a_file_gets_what_is_said_and_no_bar(capsys, total):
    stream = io.StringIO()
    with bar(stream, "rows", total=total) as shown:
        shown.advance(1, "first", total=3)
        shown.say("row 1: no price")
        assert not shown.is_drawn

    assert stream.getvalue() == "row 1: no price"
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_a_bar_and_what_is_said_as_it_is(capsys):
    stream = Terminal()
    with bar(stream, "rows") as shown:
        shown.advance(1, total=2)
        shown.say("[bold]row 1[/bold]: no price")
        shown.advance(2, "checking")
        assert shown.is_drawn

    said = capsys.readouterr().err
    assert "[bold]row 1[/bold]: no price" in said
    assert "checking" in said
    assert "100%" in said


def test_without_rich_a_terminal_is_like_a_file(monkeypatch, capsys):
    monkeypatch.setattr("shopkit.core.management.bars.Progress", None)
    stream = Terminal()
    with bar(stream, "rows") as shown:
        shown.advance(1)
        shown.say("hello")

    assert stream.getvalue() == "hello"
    assert capsys.readouterr().err == ""
