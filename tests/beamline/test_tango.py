"""A real Tango device server in a process of its own, without a database, through a real client.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import tempfile
import unittest

import numpy
import tango
from tango.test_context import DeviceTestContext

from corelevel.tango import Reduction

POINTS = 400
WORKFLOW = """
local cl = require 'corelevel'
cl.workflow { inputs = { { 'scan' } }, live = { take = 'points' } }
local tey = cl.load(cl.inputs.scan):mu 'tey'
tey:save 'tey.nc'
tey:normalize { pre = { -150, -30 }, post = { 100, 480 } }:save 'normalised.nc'
"""


class TangoDevice(unittest.TestCase):
    def test_a_scan_is_reduced_and_mistakes_are_sentences(self):
        energy = 7509 + 1.75 * numpy.arange(POINTS)
        tey = 0.5 + numpy.arctan((energy - 7709) / 1.5) / numpy.pi
        with tempfile.TemporaryDirectory() as folder:
            with open(folder + "/w.lua", "w", encoding="utf-8") as file:
                file.write(WORKFLOW)
            properties = {"workflow": folder + "/w.lua", "folder": folder, "signals": ["energy", "i0", "tey"]}
            with DeviceTestContext(Reduction, properties=properties, process=True, host="127.0.0.1", timeout=30) as device:
                with self.assertRaisesRegex(tango.DevFailed, "not live: begin it first"):
                    device.Push([7700.0, 1.0, 1.0])
                device.Begin('{"element": "Co"}')
                self.assertEqual(device.state(), tango.DevState.RUNNING)
                with self.assertRaisesRegex(tango.DevFailed, "2 numbers were given for the 3 signals"):
                    device.Push([7700.0, 1.0])
                with self.assertRaisesRegex(tango.DevFailed, "tey is not a number"):
                    device.Push([7700.0, 1.0, float("nan")])
                self.assertTrue(all(device.Push([e, 2.0, 2 * t]) for e, t in zip(energy, tey)))
                self.assertEqual(device.problem, "")
                numpy.testing.assert_array_equal(device.Result("tey"), tey)
                normalised = device.Result("normalised")
                device.End()
                numpy.testing.assert_array_equal(device.Result("normalised"), normalised)
                self.assertIn("normalised.nc", os.listdir(folder))
                with self.assertRaisesRegex(tango.DevFailed, "there is no 'nosuch'"):
                    device.Result("nosuch")


if __name__ == "__main__":
    unittest.main()
