"""Bluesky: a document callback that reduces each run while it is measured and gives its results as documents.

    RE.subscribe(Reduction("xanes.lua", energy="mono_energy", emit=publish))

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

import time
import uuid
from typing import Any, Callable, Iterator

import numpy

from ._library import Error
from .session import Session
from .values import Columns, Fit, Spectra

Emit = Callable[[str, dict], None]


def _rows(name: str, document: dict) -> Iterator[tuple[int, float, dict]]:
    """Number, time and data of each event of an event or a page of them."""
    if name == "event":
        yield document["seq_num"], document["time"], document["data"]
        return
    for place, number in enumerate(document["seq_num"]):
        yield number, document["time"][place], {key: values[place] for key, values in document["data"].items()}


def tables(results: dict[str, Any]) -> dict[str, numpy.ndarray]:
    """Results as named arrays: NAME and NAME_energy of spectra, NAME_COLUMN and its error of columns and fits."""
    found: dict[str, numpy.ndarray] = {}
    for name, result in results.items():
        if isinstance(result, Spectra):
            found[name], found[f"{name}_energy"] = result.intensity, result.energy
        elif isinstance(result, (Columns, Fit)):
            for column in result.names if isinstance(result, Columns) else result.parameters:
                one, pick = (result, column) if isinstance(result, Columns) else (result[column], None)
                found[f"{name}_{column}"], found[f"{name}_{column}_error"] = one.values(pick), one.errors(pick)
    return found


class Reduction:
    """A callback for the RunEngine, or for a dispatcher in another process.

    Each run is one live session with `workflow`. `energy` is the data key of the energies; `signals` names the others
    ({"tey": "keithley_current"}; without it every data key that holds a number goes under its own name). Metadata of the
    start document under `metadata` keys go along. Results of each run of the workflow are told to `emit(name, document)` as
    a run of their own, with `reduces` the uid of the scan, and to `result(results, problem)` as they are. What goes wrong
    never stops the scan: it is kept in `problems` and told in the stop document. Joined in the middle of a run, as a consumer
    that was started again is, it goes on with what is left and says how many events are missing.
    """

    def __init__(self, workflow: Any, *, energy: str = "energy", signals: dict[str, str] | None = None,
                 stream: str = "primary", metadata: tuple[str, ...] = ("sample", "element", "edge"), emit: Emit | None = None,
                 result: Callable[[dict[str, Any], str | None], None] | None = None, **session: Any):
        self.session = Session(workflow, **session)
        self._energy, self._signals, self._stream, self._metadata = energy, signals, stream, metadata
        self._emit, self._result = emit, result
        self.problems: list[str] = []
        self.events = 0
        self._start: dict | None = None
        self._descriptor: str | None = None

    def __call__(self, name: str, document: dict) -> None:
        handler = getattr(self, f"_take_{name}", None)
        if not handler:
            return
        try:
            handler(document)
        except Error as problem:
            self.problems.append(str(problem))

    # ---- Documents in

    def _take_start(self, document: dict) -> None:
        if self._start:  # the run before never stopped: its process was killed
            self.session.cancel()
        self.problems, self.events, self._descriptor, self._start = [], 0, None, None
        kept = {key: document[key] for key in self._metadata if isinstance(document.get(key), (str, int, float))}
        self.session.begin(source=document["uid"], metadata=kept)
        self._start, self._out = dict(document), None

    def _take_descriptor(self, document: dict) -> None:
        if not self._start or document["run_start"] != self._start["uid"] or document.get("name") != self._stream:
            return
        keys = document["data_keys"]
        if self._energy not in keys:
            raise Error(f"the stream {self._stream} has no data key '{self._energy}' for the energies; it has: "
                        f"{', '.join(sorted(keys))}", -4)
        if self._signals is None:
            numbers = [key for key, told in keys.items() if told["dtype"] in ("number", "integer") and not told["shape"]]
            self._chosen = {key: key for key in numbers if key != self._energy}
        else:
            self._chosen = self._signals
        self._units = {name: keys[key].get("units") or "1" for name, key in self._chosen.items() if key in keys}
        self._descriptor = document["uid"]

    def _take_event(self, document: dict) -> None:
        self._take_events("event", document)

    def _take_event_page(self, document: dict) -> None:
        self._take_events("event_page", document)

    def _join(self, number: int, document: dict, data: dict) -> None:
        """A run whose beginning was not seen; its event documents say neither units nor the run."""
        signals = self._signals or {key: key for key, value in data.items()
                                    if key != self._energy and isinstance(value, (int, float))}
        if self._energy not in data or not all(key in data for key in signals.values()):
            return
        self.problems, self.events, self._out = [f"joined at event {number}: {number - 1} events before it are missing"], 0, None
        self.session.begin(source=document["descriptor"])
        self._start, self._descriptor = {"uid": None}, document["descriptor"]
        self._chosen, self._units = signals, {}

    def _take_events(self, name: str, document: dict) -> None:
        for number, _, data in _rows(name, document):
            if self._start is None:
                self._join(number, document, data)
            if self._descriptor is None or document["descriptor"] != self._descriptor:
                continue
            point = {"energy": data[self._energy], **{name: data[key] for name, key in self._chosen.items()}}
            self.events += 1
            if self.session.push(point, units=self._units, sequence=number):
                self._tell()

    def _take_stop(self, document: dict) -> None:
        if not self._start or self._start["uid"] not in (None, document["run_start"]):
            return
        self._start["uid"] = document["run_start"]
        try:
            self.session.end()
            self._tell()
        finally:
            self._close(document.get("exit_status", "success"))
            self._start = None

    # ---- Documents out

    def _tell(self) -> None:
        if self._result:
            self._result(self.session.results, self.session.problem)
        found = tables(self.session.results) if self._emit else {}
        if not found:
            return
        if not self._out:
            self._open()
        keys = {key: {"source": "corelevel", "dtype": "array", "shape": list(array.shape)} for key, array in found.items()}
        shapes = {key: told["shape"] for key, told in keys.items()}
        if shapes != self._out["shapes"]:  # the spectrum has grown: event documents hold what their descriptor says
            self._out.update(shapes=shapes, descriptor=str(uuid.uuid4()), number=0)
            self._emit("descriptor", {"uid": self._out["descriptor"], "run_start": self._out["uid"], "time": time.time(),
                                      "name": "reduction", "data_keys": keys, "configuration": {}, "hints": {},
                                      "object_keys": {"corelevel": list(keys)}})
        self._out["number"] += 1
        self._out["events"] += 1
        now = time.time()
        self._emit("event", {"uid": str(uuid.uuid4()), "descriptor": self._out["descriptor"], "seq_num": self._out["number"],
                             "time": now, "data": {key: array.tolist() for key, array in found.items()},
                             "timestamps": dict.fromkeys(found, now), "filled": {}})

    def _open(self) -> None:
        self._out = {"uid": str(uuid.uuid4()), "shapes": None, "descriptor": None, "number": 0, "events": 0}
        self._emit("start", {"uid": self._out["uid"], "time": time.time(), "reduces": self._start["uid"] or "",
                             "scan_id": self._start.get("scan_id", 0)})

    def _close(self, status: str) -> None:
        if not self._out:
            return
        counters = self.session.counters
        self._emit("stop", {"uid": str(uuid.uuid4()), "run_start": self._out["uid"], "time": time.time(),
                            "exit_status": status, "reason": "; ".join(self.problems), "num_events": {"reduction": self._out["events"]},
                            "received": counters["received"], "missing": counters["missing"]})
