"""EPICS PVAccess: arrays of a process variable into a live session, its results out as process variables.

`corelevel-pvaccess WORKFLOW DET:image --energy DET:energy --prefix CORELEVEL:` takes an NTScalarArray (one spectrum an update) or
an NTNDArray (one frame), by what the workflow takes live, and serves `<prefix><result>` with the source's unique number and
time stamp, `<prefix>counters` and `<prefix>problem`.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

import argparse
import signal
import threading
from typing import Any

import numpy

from ._library import Error
from .bluesky import tables
from .session import Session


class Stream:
    """A subscription that feeds a session, and a server of what comes of it.

    The client's thread only puts updates into the session's bounded queue; one thread of our own takes them and runs the
    workflow, so that a slow workflow loses frames in the queue, where they are counted. What PVAccess itself left out on the
    way shows as gaps in the unique numbers of an NTNDArray.
    """

    def __init__(self, workflow: Any, source: str, *, energy: Any, name: str = "image", unit: str = "counts",
                 axis: str = "kinetic_energy", prefix: str = "CORELEVEL:", queue: int = 256, keep: int = 0, client: Any = None,
                 **session: Any):
        from p4p.client.thread import Context
        from p4p.nt import NTScalar
        from p4p.server import Server, StaticProvider

        self.session = Session(workflow, **session)
        self.name, self.unit, self.prefix, self.refused = name, unit, prefix, 0
        self._client = client or Context("pva", nt=False)
        if isinstance(energy, str):
            energy = self._client.get(energy).value
        self._energy = numpy.array(energy, "f8")
        self.session.begin(axis=axis, source=source, queue=queue, keep=keep)
        self._latest: tuple[int, Any] = (0, None)
        self._wake, self._done = threading.Event(), False
        self._kinds = {word: NTScalar.buildType(word, extra=[("uniqueId", "i")]) for word in ("s", "ad")}
        self._provider, self._variables = StaticProvider("corelevel"), {}
        self._serve("problem", "")
        self._serve("counters", numpy.zeros(4))
        self._server = Server(providers=[self._provider])
        self._worker = threading.Thread(target=self._work, daemon=True)
        self._worker.start()
        # Without a request the server holds four updates and then lets the newest replace the one before.
        self._subscription = self._client.monitor(source, self._take, request=f"record[queueSize={queue}]")

    # ---- In: on the client's thread

    def _take(self, update: Any) -> None:
        if not hasattr(update, "value") or isinstance(update, Exception):
            return
        values = numpy.asarray(update.value)
        number = int(update.uniqueId) if "uniqueId" in update else 0
        try:
            self.session.post({"energy": self._energy, self.name: values.reshape(-1)}, units={self.name: self.unit},
                              sequence=number)
            self._latest = (number, update.timeStamp if "timeStamp" in update else None)
        except Error as problem:
            self.refused += 1
            self._serve("problem", str(problem))
        self._wake.set()

    # ---- Out: on a thread of our own

    def _work(self) -> None:
        while not self._done:
            self._wake.wait(0.1)
            self._wake.clear()
            number, stamp = self._latest
            try:
                if self.session.advance():
                    self._publish(number, stamp)
            except Error as problem:
                self._serve("problem", str(problem))
                return

    def _publish(self, number: int, stamp: Any) -> None:
        for name, array in tables(self.session.results).items():
            self._serve(name, numpy.ascontiguousarray(array).reshape(-1), number, stamp)
        counters = self.session.counters
        self._serve("counters", numpy.array([counters[key] for key in ("received", "dropped", "missing", "runs")], "f8"))
        self._serve("problem", self.session.problem or "")

    def _serve(self, name: str, value: Any, number: int = 0, stamp: Any = None) -> None:
        from p4p import Value
        from p4p.server.thread import SharedPV

        told = Value(self._kinds["s" if isinstance(value, str) else "ad"], {"value": value, "uniqueId": number})
        if stamp is not None:
            told.timeStamp = {"secondsPastEpoch": stamp.secondsPastEpoch, "nanoseconds": stamp.nanoseconds}
        if name in self._variables:
            self._variables[name].post(told)
            return
        self._variables[name] = SharedPV(initial=told)
        self._provider.add(self.prefix + name, self._variables[name])

    def end(self) -> dict[str, Any]:
        """Ends the subscription, then the session: files and reports are written."""
        self._subscription.close()
        self._done = True
        self._wake.set()
        self._worker.join()
        results = self.session.end()
        self._publish(*self._latest)
        return results

    def close(self) -> None:
        """Takes the process variables away."""
        self._server.stop()


def main(words: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser("corelevel-pvaccess", description="Reduces what a process variable brings.")
    parser.add_argument("workflow", help="a workflow that declares live = { take = \"spectra\" } or \"frames\"")
    parser.add_argument("source", help="an NTScalarArray or NTNDArray")
    parser.add_argument("--energy", required=True, help="the process variable that holds the energies, eV")
    parser.add_argument("--axis", default="kinetic_energy", help="what they are (%(default)s)")
    parser.add_argument("--name", default="image", help="what the signal is called (%(default)s)")
    parser.add_argument("--prefix", default="CORELEVEL:", help="of the results' names (%(default)s)")
    parser.add_argument("--keep", type=int, default=0, help="only the newest so many updates are the data (all)")
    parser.add_argument("--out", default=".", help="folder of files and reports, written when it is stopped (%(default)s)")
    given = parser.parse_args(words)
    stream = Stream(given.workflow, given.source, energy=given.energy, axis=given.axis, name=given.name, prefix=given.prefix,
                    keep=given.keep, out=given.out)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    print(f"serving {given.prefix}*", flush=True)
    try:
        stopped.wait()
        stream.end()
    finally:
        stream.close()


if __name__ == "__main__":
    main()
