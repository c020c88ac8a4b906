"""The tutorial: every file it writes and every command it gives, in its order."""

from contextlib import ExitStack
from pathlib import Path

from .documents import Block, Shell, blocks, shell
from .sites import Server, Site, bare_environment

# Shopkit is installed where the tests run.
NOT_RUN = 'pip install "path/to/shopkit[docs-ui]"'
SERVE = "python manage.py runserver"


class Reader:
    """Somebody who follows a tutorial in an empty folder, and notes what the terminal said."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.site = Site(folder, "bazaar.settings", bare_environment())
        self.said: list[list[str]] = []
        self.server: Server | None = None
        self._stack = stack
        self._serving = stack.enter_context(ExitStack())
        self._shell: Shell = stack.enter_context(shell(folder))

    def follow(self, block: Block) -> None:
        """Do what the block's language means."""
        {"python": self._write, "console": self._type, "sh": self._paste}[block.language](
            block.text
        )

    def _write(self, text: str) -> None:
        """Put the code at the end of the file that its first line names."""
        name = text.partition("\n")[0].removeprefix("# ")
        with (self.site.folder / name).open("a") as file:
            file.write(text)

    def _type(self, text: str) -> None:
        for line in text.splitlines():
            command = line.removeprefix("$ ")
            if command == SERVE:
                self._serving.close()
                self.server = self._serving.enter_context(self.site.serve())
            elif command != NOT_RUN:
                done = self.site.run("/bin/sh", "-c", command)
                assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"

    def _paste(self, text: str) -> None:
        assert self.server is not None
        # The second server listens elsewhere than the first.
        api = f"API={self.server.address}/api/v1\n"
        here = text.replace("http://127.0.0.1:8000", self.server.address)
        self.said.append(self._shell.paste(api + here))


def test_a_reader_of_the_tutorial_gets_the_shop_it_promises(tmp_path):
    with ExitStack() as stack:
        reader = Reader(tmp_path, stack)
        for block in blocks("docs/tutorial/first-shop.md"):
            reader.follow(block)

    cart, (number, left), refused, discounted = reader.said
    assert cart == ["360000.00"]
    assert len(number) == 11
    assert left == "28"
    assert refused == ["out_of_stock"]
    assert discounted == ["290000.00"]
    assert reader.site.ask(
        "from django.contrib.auth.models import User\n"
        "print(json.dumps(list(User.objects.values_list('username', 'is_superuser'))))"
    ) == [["boss", True]]
