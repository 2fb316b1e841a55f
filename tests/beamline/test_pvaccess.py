"""EPICS PVAccess: a real server's frames and spectra through a real client into a session, and its results read back.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import tempfile
import time
import unittest

os.environ.update(EPICS_PVA_ADDR_LIST="127.0.0.1", EPICS_PVA_AUTO_ADDR_LIST="NO", EPICS_PVAS_INTF_ADDR_LIST="127.0.0.1",
                  EPICS_PVA_SERVER_PORT="0", EPICS_PVA_BROADCAST_PORT="15076")

import numpy
from p4p.client.thread import Context
from p4p.nt import NTNDArray, NTScalar
from p4p.server import Server
from p4p.server.thread import SharedPV

from corelevel.pvaccess import Stream

ROWS, CHANNELS = 64, 512
ENERGY = 700 + 0.1 * numpy.arange(CHANNELS)

FRAMES = """
local cl = require 'corelevel'
cl.workflow { inputs = { { 'frames' } }, live = { take = 'frames', every = %g } }
cl.load(cl.inputs.frames)['image']:sum { along = 'scan' }:save 'total.nc'
"""
SPECTRA = """
local cl = require 'corelevel'
cl.workflow { inputs = { { 'spectra' } }, live = { take = 'spectra' } }
cl.load(cl.inputs.spectra)['image']:save 'image.nc'
"""


class Source:
    """A server of energies and one process variable."""

    def __init__(self, kind, first):
        self.kind = kind
        self.image = SharedPV(initial=kind.wrap(first))
        self.server = Server(providers=[{"TEST:image": self.image, "TEST:energy": SharedPV(nt=NTScalar("ad"), initial=ENERGY)}])

    def post(self, array, number):
        value = self.kind.wrap(array)
        if "uniqueId" in value:
            value.uniqueId = number
        value.timeStamp = {"secondsPastEpoch": 1000 + number, "nanoseconds": 5}
        self.image.post(value)


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


class PvAccess(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def open(self, kind, first, workflow, **options):
        source = Source(kind, first)
        self.addCleanup(source.server.stop)
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
            file.write(workflow)
            file.flush()
            stream = Stream(file.name, "TEST:image", energy="TEST:energy", out=self.folder, **options)
        self.addCleanup(stream.close)
        return source, stream

    def test_frames_go_in_and_totals_come_out_with_number_and_time(self):
        frame = numpy.ones((ROWS, CHANNELS), "f4")
        source, stream = self.open(NTNDArray(), frame, FRAMES % 0, prefix="T1:")
        self.assertTrue(wait_for(lambda: stream.session.counters["runs"] >= 1))
        for number in range(1, 11):
            source.post(frame * number, number)
            self.assertTrue(wait_for(lambda n=number: stream.session.counters["received"] >= n + 1))
        results = stream.end()
        self.assertEqual(stream.refused, 0)
        numpy.testing.assert_array_equal(results["total"].intensity.reshape(ROWS, CHANNELS), numpy.full((ROWS, CHANNELS), 56.0))
        told = Context("pva", nt=False).get("T1:total")
        self.assertEqual((told.uniqueId, told.timeStamp.secondsPastEpoch), (10, 1010))
        numpy.testing.assert_array_equal(told.value, numpy.full(ROWS * CHANNELS, 56.0))

    def test_scalar_arrays_are_spectra(self):
        source, stream = self.open(NTScalar("ad"), numpy.ones(CHANNELS), SPECTRA, prefix="T2:")
        self.assertTrue(wait_for(lambda: stream.session.counters["received"] == 1))
        source.post(numpy.full(CHANNELS, 3.0), 1)
        self.assertTrue(wait_for(lambda: stream.session.counters["received"] == 2))
        results = stream.end()
        numpy.testing.assert_array_equal(results["image"].intensity[:, 0], [1, 3])

    def test_posted_is_received_dropped_or_missing(self):
        frame = numpy.ones((ROWS, CHANNELS), "f4")
        source, stream = self.open(NTNDArray(), frame, FRAMES % 0, prefix="T3:", queue=4)
        self.assertTrue(wait_for(lambda: stream.session.counters["received"] == 1))
        source.post(frame, 1)
        self.assertTrue(wait_for(lambda: stream.session.counters["received"] >= 2))
        posted = 600
        for number in range(2, posted + 1):
            source.post(frame, number)
        time.sleep(0.5)
        source.post(frame, posted + 1)  # the last of a burst always arrives
        self.assertTrue(wait_for(lambda: stream._latest[0] == posted + 1))
        stream.end()
        counters = stream.session.counters
        print({key: counters[key] for key in ("received", "dropped", "missing")})
        self.assertEqual(counters["received"] + counters["dropped"] + counters["missing"], posted + 2)  # and the first value
        self.assertGreater(counters["dropped"] + counters["missing"], 0)  # overloaded: a queue of 4


if __name__ == "__main__":
    unittest.main()
