"""Sessions: a workflow on files, or live on what is pushed while a measurement runs.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

from typing import Any, Callable

import numpy

from ._library import Error, checked, ffi, library, text
from .values import from_value, to_value

_TYPES = {"f8": "CLV_FLOAT64", "f4": "CLV_FLOAT32", "i1": "CLV_INT8", "u1": "CLV_UINT8", "i2": "CLV_INT16", "u2": "CLV_UINT16",
          "i4": "CLV_INT32", "u4": "CLV_UINT32", "i8": "CLV_INT64", "u8": "CLV_UINT64"}
_COUNTERS = ("received", "dropped", "waiting", "gaps", "missing", "out_of_order", "runs", "failed_runs", "seconds",
             "all_seconds")


def _array(name: str, given: Any) -> numpy.ndarray:
    """The numbers as they lie; only what has gaps or foreign byte order is copied."""
    array = numpy.ascontiguousarray(given)
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    if array.dtype.str[1:] not in _TYPES:
        raise Error(f"push: {name} is of type {array.dtype}; it should be numbers", -2)
    return array


class Session:
    """A workflow, opened. `workflow` is a path, or a name for messages where `source` holds the text itself.

    `out` is the folder that files and reports go below; `inputs` and `options` are set by name; `print` and `message` are
    called with what the workflow prints and with warnings. One session is used by one thread at a time (`post` and `cancel`
    by any); the library runs without the interpreter's lock.
    """

    def __init__(self, workflow: Any, *, source: str | None = None, out: Any = None, trust: bool = False,
                 time_limit: float = 0, memory_limit: int = 0, inputs: dict[str, Any] | None = None,
                 options: dict[str, Any] | None = None, print: Callable[[str], None] | None = None,
                 message: Callable[[str], None] | None = None):
        setup = ffi.new("clv_session_setup *", {"size": ffi.sizeof("clv_session_setup"), "trust": int(trust),
                                                "time_limit": time_limit, "memory_limit": memory_limit, "max_failed": -1})
        folder = ffi.new("char[]", str(out).encode()) if out is not None else ffi.NULL
        setup.out = folder
        self._callbacks = []
        if print:
            setup.print = self._keep("void(void *, const char *, size_t)",
                                     lambda _, told, length: print(ffi.buffer(told, length)[:].decode("utf-8", "replace")))
        if message:
            setup.message = self._keep("void(void *, const char *)", lambda _, told: message(text(told)))
        made = ffi.new("clv_session **")
        name = str(workflow).encode()
        if source is None:
            checked(library.clv_session_open, name, setup, made)
        else:
            written = source.encode()
            checked(library.clv_session_open_text, name, written, len(written), setup, made)
        self._session = ffi.gc(made[0], library.clv_session_free)
        for key, value in (inputs or {}).items():
            checked(library.clv_session_set_input, self._session, key.encode(), to_value(value))
        for key, value in (options or {}).items():
            checked(library.clv_session_set_option, self._session, key.encode(), to_value(value))

    def _keep(self, signature: str, function: Any) -> Any:
        self._callbacks.append(ffi.callback(signature, function))
        return self._callbacks[-1]

    def describe(self) -> dict[str, Any]:
        """What the workflow declares: name, inputs, options, live."""
        declaration, told = ffi.new("const clv_value **"), ffi.new("const char **")
        checked(library.clv_session_describe, self._session, declaration, told)
        return from_value(declaration[0]) or {}

    def run(self) -> dict[str, Any]:
        """Runs on the inputs; gives the results."""
        checked(library.clv_session_run, self._session)
        return self.results

    def begin(self, *, input: str | None = None, energy: str = "energy", axis: str = "photon_energy", along: str | None = None,
              along_unit: str = "1", source: str = "live", metadata: dict[str, Any] | None = None, queue: int = 0,
              most: int = 0, keep: int = 0) -> None:
        """Goes live; what the arguments mean is told at clv_live_setup in corelevel/session.h."""
        words = {"input": input, "energy": energy, "axis": axis, "along": along, "along_unit": along_unit, "source": source}
        kept = {key: ffi.new("char[]", word.encode()) for key, word in words.items() if word is not None}
        table = ffi.gc(to_value(metadata or {}), library.clv_value_free)
        setup = ffi.new("clv_live_setup *", {"size": ffi.sizeof("clv_live_setup"), "metadata": table, "queue": queue,
                                             "most": most, "keep": keep, **kept})
        checked(library.clv_session_begin, self._session, setup)

    def _call(self, function: Any, signals: dict[str, Any], units: dict[str, str] | None, sequence: int, position: float,
              *more: Any) -> None:
        arrays = {name: _array(name, given) for name, given in signals.items()}
        rows, kept = ffi.new("clv_signal[]", max(len(arrays), 1)), []
        for row, (name, array) in zip(rows, arrays.items()):
            kept += [ffi.new("char[]", name.encode()), ffi.new("char[]", (units or {}).get(name, "1").encode()),
                     ffi.from_buffer(array) if array.size else ffi.NULL]
            row.size, row.name, row.unit = ffi.sizeof("clv_signal"), kept[-3], kept[-2]
            row.type, row.values = getattr(library, _TYPES[array.dtype.str[1:]]), kept[-1]
            row.count = array.size
        push = ffi.new("clv_push *", {"size": ffi.sizeof("clv_push"), "signals": rows, "count": len(arrays),
                                      "sequence": sequence, "position": position})
        checked(function, self._session, push, *more)

    def push(self, signals: dict[str, Any], *, units: dict[str, str] | None = None, sequence: int = 0,
             position: float = 0) -> bool:
        """Pushes points, a spectrum or a frame; tells whether the workflow ran."""
        ran = ffi.new("int *")
        self._call(library.clv_session_push, signals, units, sequence, position, ran)
        return bool(ran[0])

    def post(self, signals: dict[str, Any], *, units: dict[str, str] | None = None, sequence: int = 0,
             position: float = 0) -> None:
        """Puts a push into the bounded queue, from any thread; `advance` takes it."""
        self._call(library.clv_session_post, signals, units, sequence, position)

    def advance(self) -> bool:
        """Takes what waits and runs when it is time; tells whether the workflow ran."""
        ran = ffi.new("int *")
        checked(library.clv_session_advance, self._session, ran)
        return bool(ran[0])

    def end(self) -> dict[str, Any]:
        """The last run, which writes files and reports; gives the results."""
        checked(library.clv_session_end, self._session)
        return self.results

    def cancel(self) -> None:
        """Stops a run under way, from any thread."""
        library.clv_session_cancel(self._session)

    @property
    def results(self) -> dict[str, Any]:
        """What the last run saved, by the name of its file without folder and suffix."""
        found = {}
        for place in range(library.clv_session_result_count(self._session)):
            name = (text(library.clv_session_result_path(self._session, place)) or "").rsplit("/", 1)[-1].rsplit(".", 1)[0]
            found[name] = from_value(library.clv_session_result(self._session, place))
        return found

    @property
    def problem(self) -> str | None:
        """The sentence with which the last partial run ended; None when it came to its end."""
        return text(library.clv_session_problem(self._session))

    @property
    def outcome(self) -> int:
        """What became of the last run: the exit code of the command."""
        return library.clv_session_outcome(self._session)

    @property
    def counters(self) -> dict[str, Any]:
        """What was received, dropped and missing since `begin`, how often the workflow ran and how long that took, s."""
        told = ffi.new("clv_live_counters *", {"size": ffi.sizeof("clv_live_counters")})
        library.clv_session_counters(self._session, told)
        return {name: getattr(told, name) for name in _COUNTERS}
