"""The library as cffi sees it: declarations from the public headers, and what every call shares.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from cffi import FFI

# In the order in which they need each other.
_HEADERS = ("base", "error", "value", "metadata", "axis", "spectra", "columns", "group", "record", "cursor", "fit", "plugin",
            "registry", "threads", "session")
_LIBRARY = "libcorelevel-workflow.so.0"


class Error(RuntimeError):
    """What the library could not do, in its own sentence; `status` is the number of its clv_status."""

    def __init__(self, sentence: str, status: int = -9):
        super().__init__(sentence)
        self.status = status


def _folders() -> list[Path]:
    told = [Path(folder) for folder in os.environ.get("CORELEVEL_HEADERS", "").split(":") if folder]
    return told + [Path(__file__).parent / "headers", Path("/usr/local/include"), Path("/usr/include")]


def _header(name: str) -> str:
    for folder in _folders():
        path = folder / "corelevel" / f"{name}.h"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise Error(f"the header corelevel/{name}.h is nowhere in {', '.join(map(str, _folders()))}")


def _declarations(header: str) -> str:
    """What cffi reads: no comments, no preprocessor, no marks, no functions with a body."""
    text = re.sub(r"/\*.*?\*/", " ", header, flags=re.S)
    text = re.sub(r"^[ \t]*#(?:.*\\\n)*.*$", "", text, flags=re.M)
    text = re.sub(r"\bCLV_PRINTF\([^)]*\)|\bCLV_(?:API|BEGIN_DECLS|END_DECLS)\b", "", text)
    return re.sub(r"static inline [^{;]*\{.*?\n\}", "", text, flags=re.S)


def _open() -> tuple[FFI, Any]:
    ffi = FFI()
    for name in _HEADERS:
        ffi.cdef(_declarations(_header(name)))
    path = os.environ.get("CORELEVEL_LIBRARY", _LIBRARY)
    try:  # local: global symbols of HDF5 would be in the way of h5py's
        return ffi, ffi.dlopen(path, ffi.RTLD_NOW | ffi.RTLD_LOCAL)
    except OSError as problem:
        raise Error(f"{path} cannot be loaded ({problem}): install corelevel, or name the file in CORELEVEL_LIBRARY") from None


ffi, library = _open()


def text(pointer: Any) -> str | None:
    """A text of the library, copied."""
    return None if pointer == ffi.NULL else ffi.string(pointer).decode("utf-8", "replace")


def checked(function: Any, *arguments: Any) -> None:
    """Calls a function whose last argument is a clv_error, and raises what it says."""
    error = ffi.new("clv_error *")
    status = function(*arguments, error)
    if status:
        raise Error(text(error.text) or "", status)
