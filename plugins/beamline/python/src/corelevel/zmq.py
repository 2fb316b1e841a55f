"""Bluesky documents over 0MQ, reduced in a process of its own: `corelevel-zmq WORKFLOW HOST:PORT`.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

import argparse
from typing import Any

from .bluesky import Reduction


def _address(word: str) -> tuple[str, int]:
    host, _, port = word.rpartition(":")
    return host or "127.0.0.1", int(port)


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("corelevel-zmq", description="Reduces runs whose documents a bluesky 0MQ proxy passes on.")
    parser.add_argument("workflow", help="a workflow that declares live = { take = \"points\" }")
    parser.add_argument("proxy", type=_address, help="HOST:PORT where the proxy lets documents out")
    parser.add_argument("--energy", default="energy", help="data key of the energies (%(default)s)")
    parser.add_argument("--signal", action="append", metavar="NAME=KEY", help="what a data key is to the workflow: tey=drain")
    parser.add_argument("--publish", type=_address, metavar="HOST:PORT", help="where a proxy takes the results in as documents")
    parser.add_argument("--out", default=".", help="folder of files and reports (%(default)s)")
    return parser.parse_args(words)


class _Lines(Reduction):
    """Says a line when a run ends."""

    def _take_stop(self, document: dict) -> None:
        ours = self._start is not None
        try:
            super()._take_stop(document)
        finally:
            if ours:
                told = "; ".join([*self.problems, *([self.session.problem] if self.session.problem else [])])
                print(f"run {document['run_start']}: {self.events} events{': ' + told if told else ''}", flush=True)


def main(words: list[str] | None = None) -> Any:
    """The command."""
    from bluesky.callbacks.zmq import Publisher, RemoteDispatcher

    given = _arguments(words)
    signals = dict(pair.split("=", 1) for pair in given.signal) if given.signal else None
    emit = Publisher(given.publish) if given.publish else None
    dispatcher = RemoteDispatcher(given.proxy)
    dispatcher.subscribe(_Lines(given.workflow, energy=given.energy, signals=signals, emit=emit, out=given.out))
    print("waiting for runs", flush=True)
    dispatcher.start()


if __name__ == "__main__":
    main()
