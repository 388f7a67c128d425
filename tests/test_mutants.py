"""What no test noticed must be listed with a reason, and what is listed must be so."""

import re

import pytest

from tools import mutants
from tools.mutants import Mutant

pytestmark = pytest.mark.checkout

DIFF = """--- syriamap/merge.py
+++ syriamap/merge.py
@@ -1,4 +1,4 @@
 def _pick(ledger, entries):
-    pick = entries.argmax(axis=1)
+    pick = entries.argmax(axis=2)
     return pick
"""
NAME = "syriamap.merge.x__pick__mutmut_3"
LOOP = Mutant("merge._pick", "pick = entries.argmax(axis=2)")
PAGE = """# Mutants

- `a list`: of something else

## `merge._pick`

- `pick = entries.argmax(axis=2)`: there are two
- `without a reason`:

## `zones.build_zones`

- `without land = 1`: never asked
"""


def test_a_mutant_is_told_by_its_function_and_the_lines_it_changes():
    assert mutants.read_mutant(NAME, DIFF) == LOOP
    dropped = DIFF.replace("+    pick = entries.argmax(axis=2)\n", "")
    assert mutants.read_mutant(NAME, dropped) == Mutant("merge._pick", "without pick = entries.argmax(axis=1)")


def test_only_what_lived_is_told():
    states = {"1": ("survived", DIFF), "2": ("killed", ""), "3": ("timeout", ""), "4": ("no tests", DIFF)}
    found = {NAME + number: state for number, state in states.items()}
    assert mutants.list_survivors(found) == [LOOP, LOOP]
    assert mutants.describe_figures(found, 90).splitlines()[2:] == ["| `merge.py` | 4 | 2 | 2 |", "", "2 minutes"]


def test_the_page_lists_changes_with_their_reasons():
    assert mutants.read_page(PAGE) == {LOOP, Mutant("zones.build_zones", "without land = 1")}


def test_what_lived_unlisted_and_what_is_listed_but_dead_are_faults():
    other = Mutant("merge.trace", "return 1")
    assert mutants.compare({LOOP}, {LOOP}, whole=True) == []
    assert mutants.compare({other}, {LOOP}, whole=True) == [
        "lived and is not listed: merge.trace\n- `return 1`: ",
        "listed but dead or gone: merge._pick: pick = entries.argmax(axis=2)",
    ]
    assert mutants.compare(set(), {LOOP}, whole=False) == []


def test_mutants_meet_code_without_caches():
    """The tool leaves alone what is decorated."""
    for path in mutants.read_settings()["only_mutate"]:
        plain = mutants.drop_caches((mutants.ROOT / path).read_text("utf-8"))
        assert re.findall(r"^ *@(?!dataclass\().*", plain, re.MULTILINE) == []
        compile(plain, path, "exec")


def test_every_function_that_is_listed_is_there():
    listed = mutants.read_page(mutants.PAGE.read_text("utf-8"))
    assert listed
    for module, _, name in {one.function.partition(".") for one in listed}:
        assert f"\ndef {name}(" in (mutants.ROOT / "syriamap" / f"{module}.py").read_text("utf-8")
