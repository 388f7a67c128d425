"""The site of `make docs`: Sphinx reads docs/*.md, what the marks in them name is filled in by tools/site."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from pygments.lexers.special import TextLexer  # noqa: E402  # the tree must be found first
from sphinx.application import Sphinx  # noqa: E402  # the tree must be found first

from syriamap import __version__  # noqa: E402
from tools.site.pages import fill  # noqa: E402
from tools.site.python import to_restructured  # noqa: E402

project = "syriamap"
author = "The syriamap authors"
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["gallery/*"]
language = "en"

myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
myst_links_external_new_tab = False

default_role = "code"
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 90
nitpicky = True
nitpick_ignore_regex = [("py:.*", ".*")]  # types of other libraries, and nouns that no page tells of

html_theme = "furo"
html_title = "syriamap"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_last_updated_fmt = None  # no clock: the same tree gives the same pages


def setup(app: Sphinx) -> None:
    """Fill every page before it is read, and docstrings before they are."""
    app.add_lexer("csv", TextLexer)
    app.connect("source-read", fill_page)
    app.connect("autodoc-process-docstring", fit_docstring)


def fill_page(_app: Sphinx, _page: str, source: list[str]) -> None:
    """Fill a page; Sphinx hands it over as a list of one text."""
    source[0] = fill(source[0])


def fit_docstring(_app: Sphinx, _what: str, _name: str, _thing: object, _options: object, lines: list[str]) -> None:
    """Turn the lines of a docstring of ours into reStructuredText."""
    lines[:] = to_restructured(lines)
