"""A Tango device that runs a workflow live: `corelevel-tango INSTANCE`, with its properties set in the database.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

import json
from typing import Any

import numpy
from tango import DevState, Except
from tango.server import Device, attribute, command, device_property, run

from ._library import Error
from .bluesky import tables
from .session import Session


def _raise(problem: Error) -> None:
    Except.throw_exception("corelevel", str(problem), "corelevel")


class Reduction(Device):
    """One live session. Begin, Push a point for each step of a scan, read results at any time, End. What the library
    refuses reaches the client as its sentence."""

    workflow = device_property(dtype=str, mandatory=True, doc="path of a workflow that declares live = { take = \"points\" }")
    signals = device_property(dtype=(str,), default_value=["energy", "i0", "tey", "tfy"],
                              doc="what the numbers of a Push are, in their order; one of them is the energy, in eV")
    folder = device_property(dtype=str, default_value=".", doc="where files and reports go below")

    def init_device(self) -> None:
        """Opens the session."""
        super().init_device()
        try:
            self._session = Session(self.workflow, out=self.folder)
        except Error as problem:
            self.set_status(str(problem))
            self.set_state(DevState.FAULT)
            return
        self.set_state(DevState.STANDBY)

    @attribute(dtype=str, doc="the sentence with which the last partial run ended; empty when it came to its end")
    def problem(self) -> str:
        return self._session.problem or ""

    @attribute(dtype=(str,), max_dim_x=1024, doc="names of the results there are")
    def results(self) -> list[str]:
        return sorted(tables(self._session.results))

    @attribute(dtype=str, doc="counters of the session, JSON")
    def counters(self) -> str:
        return json.dumps(self._session.counters)

    def _call(self, function: Any, *arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except Error as problem:
            return _raise(problem)

    @command(dtype_in=str, doc_in="metadata, JSON: {\"element\": \"Co\"}; may be empty")
    def Begin(self, metadata: str) -> None:
        try:
            told = json.loads(metadata or "{}")
        except ValueError as problem:
            raise Exception(f"Begin: the metadata are no JSON: {problem}") from None
        self._call(self._session.begin, metadata=told)
        self.set_state(DevState.RUNNING)

    @command(dtype_in=(float,), dtype_out=bool, doc_in="one number for each signal", doc_out="whether the workflow ran")
    def Push(self, numbers: Any) -> bool:
        if len(numbers) != len(self.signals):
            _raise(Error(f"Push: {len(numbers)} numbers were given for the {len(self.signals)} signals "
                         f"{', '.join(self.signals)}"))
        return self._call(self._session.push, {name: float(one) for name, one in zip(self.signals, numbers)})

    @command(dtype_in=str, dtype_out=(float,), doc_in="one of `results`", doc_out="its values")
    def Result(self, name: str) -> Any:
        found = tables(self._session.results)
        if name not in found:
            _raise(Error(f"Result: there is no '{name}'; there are: {', '.join(sorted(found)) or 'none yet'}"))
        return numpy.ascontiguousarray(found[name], "f8").reshape(-1)

    @command
    def End(self) -> None:
        self.set_state(DevState.STANDBY)
        self._call(self._session.end)


def main() -> None:
    """The device server."""
    run((Reduction,))


if __name__ == "__main__":
    main()
