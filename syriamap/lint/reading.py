"""Read a sidecar and hold it to its contract, so that no check need ask whether a field is there."""

from __future__ import annotations

import json
import types
from functools import cache
from typing import TYPE_CHECKING, Any, Union, cast, get_args, get_origin, get_type_hints, is_typeddict

from ..errors import DataError, Fault
from ..limits import SIDECAR_BYTES, read_within
from ..request import is_bare
from ..save.contract import Sidecar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAY_OUT = "render the map again with this version"


def read_sidecar(path: Path) -> Sidecar:
    """Return a sidecar. Raises DataError with every field that is missing or of another kind than the contract says."""
    try:
        found = json.loads(read_within(path, SIDECAR_BYTES))
    except FileNotFoundError:
        raise DataError(
            [
                Fault(
                    str(path),
                    None,
                    "is not there; expected the sidecar beside its picture; put it back or render again",
                )
            ]
        ) from None
    except (ValueError, RecursionError) as error:
        raise DataError([Fault(str(path), None, f"is no JSON ({error}); {WAY_OUT}")]) from error
    faults = [Fault(str(path), None, f"{odd}; {WAY_OUT}") for odd in _compare(found, Sidecar, "sidecar")]
    if not faults and not is_bare(name := found["output"]["path"]):
        faults = [Fault(str(path), None, f"sidecar.output.path is {name[:40]!r}; expected a bare name; {WAY_OUT}")]
    if faults:
        raise DataError(faults)
    return cast("Sidecar", found)


def is_map(path: Path) -> bool:
    """Return whether a file beside a picture is a map's: those of charts and tables say what kind they are.

    What is missing or cannot be read is taken for a map's, so that the fault is told.
    """
    try:
        found = json.loads(read_within(path, SIDECAR_BYTES))
    except (OSError, ValueError, RecursionError):
        return True
    return not (isinstance(found, dict) and "kind" in found)


def _compare(value: object, kind: Any, name: str) -> Iterator[str]:  # noqa: ANN401  # any type of the contract
    """Yield what in a value is not of its kind."""
    if is_typeddict(kind):
        yield from _compare_fields(value, kind, name)
    elif get_origin(kind) is list:
        yield from _compare_items(value, list, kind, name)
    elif get_origin(kind) is dict:
        yield from _compare_items(value, dict, kind, name)
    elif get_origin(kind) in (Union, types.UnionType):
        if all(any(_compare(value, one, name)) for one in get_args(kind)):
            yield _odd(value, " or ".join(one.__name__ for one in get_args(kind)), name)
    elif not _is_a(value, kind):
        yield _odd(value, kind.__name__, name)


def _is_a(value: object, kind: type) -> bool:
    """Return whether a plain value is of a kind; JSON writes whole floats as int, and true is no number."""
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def _compare_fields(value: object, kind: type, name: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _odd(value, "an object", name)
        return
    for field, hint in _fields(kind).items():
        if field in value:
            yield from _compare(value[field], hint, f"{name}.{field}")
        else:
            yield f"{name}.{field} is missing; expected the fields that the contract names"


def _compare_items(value: object, holder: type, kind: object, name: str) -> Iterator[str]:
    if not isinstance(value, holder):
        yield _odd(value, holder.__name__, name)
        return
    pairs = cast("dict[str, object]", value).items() if holder is dict else enumerate(cast("list[object]", value))
    for key, item in pairs:
        yield from _compare(item, get_args(kind)[-1], f"{name}[{key}]")


@cache
def _fields(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _odd(value: object, expected: str, name: str) -> str:
    return f"{name} is {json.dumps(value)[:40]}; expected {expected}"
