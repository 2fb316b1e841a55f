"""An EPICS soft IOC for one operation on spectra: its records are made from what the operation tells of itself.

`corelevel-ioc smooth --prefix SMOOTH:` serves `<prefix>energy` and `<prefix>signal` (waveforms in), a record for each parameter
with its unit, limits and documentation, `<prefix>result` and `<prefix>result_energy` (waveforms out) and `<prefix>problem`.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

import argparse
from typing import Any

import numpy

from ._library import Error
from .listing import operations
from .values import Spectra, spectra

_KINDS = ("number", "integer", "boolean", "choice", "text")


def _number(word: str | None) -> float:
    try:
        return float(word or "")
    except ValueError:
        return float("nan")


class OperationIoc:
    """The records of one operation. A put to a parameter is tried on the data there are: what the operation refuses is not
    taken, and `problem` has its sentence."""

    def __init__(self, operation: str, prefix: str, *, length: int = 8192, axis: str = "photon_energy", unit: str = "counts"):
        from softioc import builder

        found = [one for one in operations() if one["name"] == operation and "spectra" in one["on"]]
        if not found or found[0]["gives"] != "spectra":
            raise Error(f"there is no operation '{operation}' that makes spectra of spectra", -4)
        self.operation, self._axis, self._unit = operation, axis, unit
        self._rows = [row for row in found[0]["parameters"] if row["type"] in _KINDS]
        self._set: dict[str, Any] = {}
        self._data: dict[str, numpy.ndarray] = {}
        self._builder = builder
        builder.SetDeviceName(prefix.rstrip(":"))
        for name in ("energy", "signal"):
            builder.WaveformOut(name, length=length, datatype=float, always_update=True,
                                on_update=lambda array, name=name: self._take(name, array))
        self.records = {row["name"]: self._parameter(row) for row in self._rows}
        self._result = builder.WaveformIn("result", length=length, datatype=float)
        self._result_energy = builder.WaveformIn("result_energy", length=length, datatype=float)
        self._problem = builder.longStringIn("problem", length=500)

    def _parameter(self, row: dict[str, Any]) -> Any:
        told = {"DESC": row["doc"].encode()[:40].decode("utf-8", "ignore"), "validate": lambda _, value: self._try(row, value)}
        if row["type"] in ("number", "integer"):
            make, kind = (self._builder.aOut, float) if row["type"] == "number" else (self._builder.longOut, int)
            bounded = "low" in row and numpy.isfinite([row["low"], row["high"]]).all()
            limits = {"LOPR": kind(row["low"]), "HOPR": kind(row["high"])} if bounded else {}
            preset = _number(row["preset"])
            start = {} if numpy.isnan(preset) else {"initial_value": kind(preset)}
            return make(row["name"], EGU=(row["unit"] or "")[:15], **limits, **start, **told)
        if row["type"] == "boolean":
            return self._builder.boolOut(row["name"], "false", "true", initial_value=row["preset"] == "true", **told)
        return self._builder.longStringOut(row["name"], length=100, initial_value=(row["preset"] or "").strip("\"'"), **told)

    # ---- Data and parameters in

    def _take(self, name: str, array: numpy.ndarray) -> None:
        self._data[name] = numpy.array(array)
        if len(self._data) == 2 and self._data["energy"].size == self._data["signal"].size:
            self._run(self._set)

    def _try(self, row: dict[str, Any], value: Any) -> bool:
        trial = {**self._set, row["name"]: bool(value) if row["type"] == "boolean" else value}
        if not self._run(trial):
            return False
        self._set = trial
        return True

    def _run(self, options: dict[str, Any]) -> bool:
        energy = self._data.get("energy", numpy.arange(64.0))
        signal = self._data.get("signal", numpy.ones(energy.size))
        try:
            made = spectra("signal", [(self._axis, "eV", energy)], signal, unit=self._unit).apply(self.operation, **options)
        except Error as problem:
            self._problem.set(str(problem))
            return False
        if isinstance(made, Spectra) and self._data:
            self._result_energy.set(made.energy)
            self._result.set(made.intensity.reshape(-1))
        self._problem.set("")
        return True


def main(words: list[str] | None = None) -> None:
    """The command."""
    from softioc import asyncio_dispatcher, builder, softioc

    parser = argparse.ArgumentParser("corelevel-ioc", description="Serves one operation on spectra as EPICS records.")
    parser.add_argument("operation", help="such as smooth: corelevel list operations")
    parser.add_argument("--prefix", default="CORELEVEL:", help="of the records' names (%(default)s)")
    parser.add_argument("--axis", default="photon_energy", help="what the energies are (%(default)s)")
    given = parser.parse_args(words)
    OperationIoc(given.operation, given.prefix, axis=given.axis)
    builder.LoadDatabase()
    softioc.iocInit(asyncio_dispatcher.AsyncioDispatcher())
    print("serving", flush=True)
    softioc.non_interactive_ioc()


if __name__ == "__main__":
    main()
