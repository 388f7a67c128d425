"""Write docs/sidecar.schema.json, the JSON Schema of every sidecar, from the contracts: python -m tools.schema."""

from __future__ import annotations

import inspect
import json
import types
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints, is_typeddict

from syriamap.products.contract import ProductSidecar
from syriamap.save.contract import ChartSidecar, Said, Sidecar, Signed

TARGET = Path(__file__).parent.parent / "docs/sidecar.schema.json"
KINDS = (Sidecar, ChartSidecar, ProductSidecar)
DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
Schema = dict[str, Any]


def build_schema() -> Schema:
    """Return the schema: a sidecar is that of a map, of a chart, or of a sheet, an animation or a page."""
    found: dict[str, type] = {}
    for kind in KINDS:
        _gather(kind, found)
    return {
        "$schema": DIALECT,
        "title": "Sidecar of a picture made by syriamap",
        "description": " ".join(str(inspect.getdoc(Said)).split()),
        "oneOf": [_refer(kind) for kind in KINDS],
        "$defs": {name: _describe(kind) for name, kind in sorted(found.items())},
    }


def _gather(kind: Any, found: dict[str, type]) -> None:  # noqa: ANN401  # any type of the contract
    """Find every entry that a type of the contract is made of."""
    if is_typeddict(kind):
        if kind.__name__ not in found:
            found[kind.__name__] = kind
            for hint in get_type_hints(kind).values():
                _gather(hint, found)
    else:
        for part in get_args(kind):
            _gather(part, found)


def _describe(kind: type) -> Schema:
    """Return the schema of an entry; all its fields are needed and no other is known. What all sidecars say is last."""
    hints = get_type_hints(kind, include_extras=True)
    shared = Signed.__annotations__ if kind in KINDS else {}
    hints = {name: hints[name] for name in sorted(hints, key=lambda name: name in shared)}
    return {
        "description": " ".join(str(inspect.getdoc(kind)).split()),
        "type": "object",
        "properties": {name: _translate(hint) for name, hint in hints.items()},
        "required": list(hints),
        "additionalProperties": False,
    }


def _translate(kind: Any) -> Schema:  # noqa: ANN401  # any type of the contract
    """Return the schema of a type of the contract."""
    origin, parts = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        return _refer(kind)
    if origin is Annotated:
        return _translate(parts[0]) | {key: _list(value) for key, value in parts[1:]}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_translate(part) for part in parts]}
    if origin is list:
        return {"type": "array", "items": _translate(parts[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _translate(parts[1])}
    return {} if kind is Any else {"type": PLAIN[kind]}


def _list(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _refer(kind: type) -> Schema:
    return {"$ref": f"#/$defs/{kind.__name__}"}


def encode_schema(schema: Schema) -> bytes:
    """Return the schema as the file has it."""
    return (json.dumps(schema, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def main() -> None:
    TARGET.write_bytes(encode_schema(build_schema()))
    print(TARGET)


if __name__ == "__main__":
    main()
