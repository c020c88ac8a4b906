"""Sphinx configuration. Build with ``make docs``; a warning is an error."""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "shopkit"
author = "The shopkit team"
copyright = "2026, The shopkit team"
version = release = version_of("shopkit")

extensions = ["myst_parser", "sphinx_copybutton", "shopkit_reference"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
copybutton_exclude = ".linenos, .gp"
exclude_patterns = ["_build", "_ext"]

html_theme = "furo"
html_title = f"shopkit {release}"
html_copy_source = False

smartquotes = False  # defaults and JSON must be copied as they are
