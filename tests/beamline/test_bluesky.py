"""Bluesky: a 400-point scan of two yields through the real RunEngine, in its process and over 0MQ.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import unittest

import event_model
import numpy
from bluesky import RunEngine
from bluesky import plan_stubs, preprocessors
from ophyd.sim import SynSignal

import corelevel
from corelevel.bluesky import Reduction

POINTS = 400
WORKFLOW = """
local cl = require 'corelevel'
cl.workflow { name = 'Yields', inputs = { { 'scan' } }, live = { take = 'points' } }
local scan = cl.load(cl.inputs.scan)
for _, yield in ipairs { 'tey', 'tfy' } do
  scan:mu(yield):save(yield .. '.nc')
  scan:mu(yield):normalize { pre = { -150, -30 }, post = { 100, 480 } }:save(yield .. '_normalised.nc')
end
"""
SIGNALS = {"i0": "i0", "tey": "drain", "tfy": "diode"}


def measured(i):
    """Energy, current and yields at a point: a step at 7709 eV, with noise that repeats."""
    energy = 7509 + 1.75 * i
    i0 = 1e5 * (1 + 0.01 * numpy.sin(0.1 * i))
    step = numpy.arctan((energy - 7709) / 1.5) / numpy.pi
    return [float(x) for x in (energy, i0, i0 * (0.5 + step + 0.002 * numpy.sin(12.9898 * i)), i0 * (0.9 + 0.4 * step))]


def plan(points=POINTS, wait=0.0):
    """Steps through the energies, reading four detectors."""
    place = {"i": 0}
    detectors = [SynSignal(lambda column=column: measured(place["i"])[column], name=name)
                 for column, name in enumerate(("mono", "i0", "drain", "diode"))]

    @preprocessors.run_decorator(md={"element": "Co", "edge": "K"})
    def steps():
        for i in range(points):
            place["i"] = i
            for detector in detectors:
                yield from plan_stubs.trigger(detector, wait=True)
            yield from plan_stubs.create()
            for detector in detectors:
                yield from plan_stubs.read(detector)
            yield from plan_stubs.save()
            if wait:
                yield from plan_stubs.sleep(wait)

    return steps()


def offline(points, folder):
    """The results of a run on a file of the first points, and the sentence with which it ended."""
    path = folder + "/scan.xdi"
    with open(path, "w", encoding="ascii") as file:
        file.write("# XDI/1.0\n# Column.1: energy eV\n# Column.2: i0\n# Column.3: tey\n# Column.4: tfy\n#---\n")
        file.writelines(" ".join(map(repr, measured(i))) + "\n" for i in range(points))
    session = corelevel.Session("yields.lua", source=WORKFLOW, out=folder, inputs={"scan": path})
    try:
        return session.run(), None
    except corelevel.Error as problem:
        return session.results, str(problem)


class InTheRunEngine(unittest.TestCase):
    def test_each_event_equals_the_file_and_costs_little(self):
        seen, documents, spent = [], [], []
        with tempfile.TemporaryDirectory() as folder:
            reduction = Reduction("yields.lua", source=WORKFLOW, energy="mono", signals=SIGNALS, out=folder,
                                  emit=lambda name, document: documents.append((name, document)),
                                  result=lambda results, problem: seen.append((results, problem)))
            engine = RunEngine({})
            uid = engine(plan(), reduction)
            self.assertEqual(reduction.problems, [])
            self.assertEqual(len(seen), POINTS + 1)
            worst = 0.0
            with tempfile.TemporaryDirectory() as other:
                for count, (results, problem) in enumerate(seen, 1):
                    expected, sentence = offline(min(count, POINTS), other)
                    self.assertEqual((sorted(results), problem), (sorted(expected), sentence))
                    for name, spectra in results.items():
                        worst = max(worst, numpy.abs(spectra.intensity - expected[name].intensity).max())
            self.assertLessEqual(worst, 1e-12)
            self.assertEqual(len(os.listdir(folder)), 4)
        self.check_documents(documents, uid[0] if isinstance(uid, tuple) else uid)
        print(f"largest difference from the file after each of {POINTS} events: {worst:g}")
        self.measure(spent)

    def check_documents(self, documents, uid):
        """They are what Bluesky takes for documents, and all of them are there."""
        for name, document in documents:
            event_model.schema_validators[event_model.DocumentNames[name]].validate(document)
        self.assertEqual([documents[0][0], documents[-1][0]], ["start", "stop"])
        self.assertEqual(documents[0][1]["reduces"], uid)
        self.assertEqual(sum(name == "event" for name, _ in documents), POINTS + 1)
        self.assertEqual(documents[-1][1]["received"], POINTS)

    def measure(self, spent):
        """What the adapter and the session add to an event when no run of the workflow is due."""
        source = WORKFLOW.replace("take = 'points'", "take = 'points', every = 1000")
        reduction = Reduction("yields.lua", source=source, energy="mono", signals=SIGNALS)

        def timed(name, document):
            start = time.perf_counter()
            reduction(name, document)
            if name == "event":
                spent.append(1e6 * (time.perf_counter() - start))

        RunEngine({})(plan(), timed)
        self.assertEqual(reduction.events, POINTS)
        median = statistics.median(spent)
        print(f"added to an event: median {median:.0f} us, 95th percentile {sorted(spent)[int(0.95 * POINTS)]:.0f} us")
        self.assertLess(median, 1000)  # the aim is 100 on an idle machine; this one may be busy

    def test_a_wrong_key_is_told_and_the_scan_goes_on(self):
        reduction = Reduction("yields.lua", source=WORKFLOW, energy="monochromator")
        RunEngine({})(plan(5), reduction)
        self.assertRegex(reduction.problems[0], "no data key 'monochromator'.*mono")

    def test_runs_follow_each_other(self):
        ends = []
        with tempfile.TemporaryDirectory() as folder:
            reduction = Reduction("yields.lua", source=WORKFLOW, energy="mono", signals=SIGNALS, out=folder)
            engine = RunEngine({})
            for _ in range(2):
                engine(plan(), reduction)
                ends.append(reduction.session.results["tey_normalised"].intensity)
        numpy.testing.assert_array_equal(*ends)


class OverZmq(unittest.TestCase):
    def start(self, folder, port):
        consumer = subprocess.Popen([sys.executable, "-m", "corelevel.zmq", folder + "/yields.lua", f"127.0.0.1:{port}",
                                     "--energy", "mono", "--out", folder + "/out",
                                     *(word for pair in SIGNALS.items() for word in ("--signal", "=".join(pair)))],
                                    stdout=subprocess.PIPE, text=True)
        self.addCleanup(consumer.stdout.close)
        self.addCleanup(consumer.wait)
        self.addCleanup(consumer.kill)
        self.assertEqual(consumer.stdout.readline(), "waiting for runs\n")
        time.sleep(0.5)  # until the subscription has reached the proxy
        return consumer

    def test_another_process_reduces_and_one_that_was_killed_states_the_gap(self):
        from bluesky.callbacks.zmq import Publisher

        with tempfile.TemporaryDirectory() as folder:
            with open(folder + "/yields.lua", "w", encoding="utf-8") as file:
                file.write(WORKFLOW)
            proxy = subprocess.Popen([sys.executable, "-c", "from bluesky.callbacks.zmq import Proxy\n"
                                      "p = Proxy(('127.0.0.1', 0), ('127.0.0.1', 0))\n"
                                      "print(*(str(x).rpartition(':')[2].strip(\"')\") for x in (p.in_port, p.out_port)), flush=True)\n"
                                      "p.start()"], stdout=subprocess.PIPE, text=True)
            self.addCleanup(proxy.stdout.close)
            self.addCleanup(proxy.wait)
            self.addCleanup(proxy.kill)
            into, out = map(int, proxy.stdout.readline().split())
            consumer = self.start(folder, out)
            publisher = Publisher(("127.0.0.1", into))
            time.sleep(0.5)
            engine = RunEngine({})
            engine(plan(), publisher)
            self.assertRegex(consumer.stdout.readline(), rf"^run [0-9a-f-]+: {POINTS} events\n$")
            expected, _ = offline(POINTS, folder)
            found = corelevel.load(folder + "/out/tfy_normalised.nc")
            numpy.testing.assert_array_equal(next(iter(found)).intensity, expected["tfy_normalised"].intensity)
            self.kill_in_the_middle(engine, publisher, consumer, folder, out)

    def kill_in_the_middle(self, engine, publisher, consumer, folder, port):
        events = {"n": 0}

        def restart(name, document):
            if name == "event":
                events["n"] += 1
                if events["n"] == 150:
                    consumer.send_signal(signal.SIGKILL)
                    consumer.wait()
                    events["new"] = self.start(folder, port)

        token = engine.subscribe(restart)
        engine(plan(), publisher)
        engine.unsubscribe(token)
        line = events["new"].stdout.readline()
        self.assertRegex(line, r"joined at event 15[01]: 1(49|50) events before it are missing")


if __name__ == "__main__":
    unittest.main()
