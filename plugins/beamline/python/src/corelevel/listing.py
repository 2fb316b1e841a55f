"""What there is: operations, components and formats, with parameters, units, bounds and documentation.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

from typing import Any

from ._library import ffi, library, text

_TYPES = ("", "number", "integer", "boolean", "text", "choice", "range", "numbers", "names", "groups", "parameter", "component",
          "components", "object", "path", "any")


def _parameter(row: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"name": text(row.name), "type": _TYPES[row.type], "unit": text(row.unit),
                            "preset": text(row.preset), "doc": text(row.doc), "place": row.place,
                            "required": bool(row.flags & library.CLV_REQUIRED)}
    if row.low != row.high:
        told.update(low=row.low, high=row.high)
    if row.choices != ffi.NULL:
        told["choices"] = (text(row.choices) or "").split("|")
    return told


def _parameters(rows: Any) -> list[dict[str, Any]]:
    found, place = [], 0
    while rows != ffi.NULL and rows[place].name != ffi.NULL:
        found.append(_parameter(rows[place]))
        place += 1
    return found


def _kinds(bits: int) -> list[str]:
    return [text(library.clv_kind_name(kind)) or "" for kind in range(library.CLV_KINDS) if bits >> kind & 1]


def operations() -> list[dict[str, Any]]:
    """Every operation, as `corelevel list operations --json` tells it."""
    found = []
    for place in range(library.clv_registry_operation_count()):
        one = library.clv_registry_operation(place)
        found.append({"name": text(one.name), "doc": text(one.doc), "source": text(one.source), "on": _kinds(one.on),
                      "gives": text(library.clv_kind_name(one.gives)), "parameters": _parameters(one.parameters)})
    return found


def formats() -> list[dict[str, Any]]:
    """Every format that is read or written."""
    found = []
    for place in range(library.clv_registry_format_count()):
        one = library.clv_registry_format(place)
        found.append({"name": text(one.name), "title": text(one.title), "suffixes": text(one.suffixes),
                      "source": text(one.source), "read": one.read != ffi.NULL, "write": one.write != ffi.NULL,
                      "parameters": _parameters(one.parameters)})
    return found
