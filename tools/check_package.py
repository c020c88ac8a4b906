"""Build wheel and sdist, compare the wheel with the source, and use it in an empty environment."""

import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"


def run(*command: object, cwd: Path = ROOT) -> None:
    subprocess.run([str(part) for part in command], cwd=cwd, check=True)


def source_files() -> set[str]:
    """Return what the wheel must hold: every file below src/shopkit but byte code."""
    return {
        path.relative_to(SOURCE).as_posix()
        for path in (SOURCE / "shopkit").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }


def complaints(wheel: Path) -> list[str]:
    """Return what is wrong with the wheel's list of files."""
    held = {name for name in zipfile.ZipFile(wheel).namelist() if not name.endswith("/")}
    ours = {name for name in held if ".dist-info/" not in name}
    wanted = source_files()
    found = [f"missing: {name}" for name in sorted(wanted - ours)]
    found += [f"does not belong: {name}" for name in sorted(ours - wanted)]
    if "shopkit/py.typed" not in ours:
        found.append("missing: shopkit/py.typed")
    if not any(name.endswith(".dist-info/licenses/LICENSE") for name in held):
        found.append("missing: the licence")
    rooms = {name.rpartition("/")[0] for name in ours}
    found += [
        f"not a package: {room}"
        for room in sorted(rooms)
        if room.endswith("/migrations") and f"{room}/__init__.py" not in ours
    ]
    found += [
        f"not compiled: {name}"
        for name in sorted(ours)
        if name.endswith(".po") and f"{name[:-3]}.mo" not in ours
    ]
    found += [f"test code: {name}" for name in sorted(ours) if "tests" in name.split("/")]
    print(f"{wheel.name}: {len(ours)} files, {len(rooms)} folders")
    return found


def use_in_an_empty_environment(wheel: Path, place: Path) -> None:
    """Install the wheel without extras and import every module of it."""
    venv.create(place / "env", with_pip=True)
    python = place / "env" / "bin" / "python"
    run(python, "-m", "pip", "install", "-qq", wheel, cwd=place)
    run(python, "-m", "pip", "check", cwd=place)
    script = shutil.copy(ROOT / "tools" / "import_everything.py", place)
    run(python, "-I", "-W", "error", script, cwd=place)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        built = place / "dist"
        run(sys.executable, "-m", "build", "--outdir", built, ROOT, cwd=place)
        run(sys.executable, "-m", "twine", "check", "--strict", *sorted(built.iterdir()))
        (wheel,) = built.glob("*.whl")
        if found := complaints(wheel):
            print(*found, sep="\n", file=sys.stderr)
            return 1
        use_in_an_empty_environment(wheel, place)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"failed: {' '.join(error.cmd)}")
