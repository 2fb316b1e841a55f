"""The Python package: objects as numpy sees them, operations as methods, live sessions, errors, threads.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import subprocess
import tempfile
import threading
import time
import unittest

import numpy

import corelevel

SAMPLE = os.environ["CORELEVEL_SAMPLES"] + "/licoo2_reduced.vms"

WORKFLOW = """
local cl = require 'corelevel'
cl.workflow { name = 'Live', inputs = { { 'scan' } }, options = { pre = { -30 } }, live = { take = 'points' } }
local tey = cl.load(cl.inputs.scan):mu 'tey'
tey:save 'tey.nc'
tey:normalize { pre = { -150, cl.options.pre }, post = { 100, 480 } }:save 'normalised.nc'
"""


def scan(points):
    energy = 7509 + 1.75 * numpy.arange(points)
    i0 = 1e5 * (1 + 0.01 * numpy.sin(0.1 * numpy.arange(points)))
    return energy, i0, i0 * (0.5 + numpy.arctan((energy - 7709) / 1.5) / numpy.pi)


class Objects(unittest.TestCase):
    def test_intensities_are_a_view_that_outlives_the_record(self):
        co = corelevel.load(SAMPLE)["Co2p"]
        view = co.intensity
        total = view.sum()
        del co
        self.assertEqual(view.shape, (3, 421))
        self.assertFalse(view.flags.writeable)
        self.assertEqual(view.sum(), total)

    def test_operations_are_methods_and_fits_have_errors(self):
        co = corelevel.load(SAMPLE)["Co 2p"].crop(773, 811)
        self.assertEqual(len(co.energy), 381)  # 0.1 eV steps
        fit = co.fit(corelevel.model("shirley {}, peak { 'A', position = 780 }"), range=[775, 790])
        self.assertEqual(fit["A.position"].values().shape, (3,))
        self.assertTrue((fit["A.position"].errors() > 0).all())

    def test_arrays_become_spectra(self):
        energy, depth = numpy.arange(770, 790, 0.1), [0.0, 5.0]
        peak = 1000 * numpy.exp(-4 * numpy.log(2) * ((energy - 780) / 2) ** 2)  # 1000 high, 2 eV wide
        made = corelevel.spectra("Co 2p", [("depth", "nm", depth), ("binding_energy", "eV", energy)], [peak, 2 * peak])
        numpy.testing.assert_array_equal(made.intensity[1], 2 * peak)
        fit = made.fit(corelevel.model("peak { 'A', position = 779.5, shape = 'gaussian' }"))
        area = 1000 * 2 * numpy.sqrt(numpy.pi / numpy.log(2)) / 2
        numpy.testing.assert_allclose(fit["A.area"].values(), [area, 2 * area], rtol=1e-6)
        with self.assertRaisesRegex(corelevel.Error, "its axes are of"):
            corelevel.spectra("Co 2p", [("binding_energy", "eV", energy)], peak[1:])
        with self.assertRaises(corelevel.Error):
            corelevel.spectra("Co 2p", [("binding_energy", "eV", energy[::-1])], peak)

    def test_results_are_xarray_where_it_is_there(self):
        try:
            import xarray
        except ImportError:
            self.skipTest("skipped: python3-xarray is not there")
        co = corelevel.load(SAMPLE)["Co 2p"]
        array = co.to_xarray()
        self.assertIsInstance(array, xarray.DataArray)
        self.assertEqual(array.dims[-1], "binding_energy")
        fit = co.fit(corelevel.model("shirley {}, peak { 'A', position = 780 }")).to_xarray()
        numpy.testing.assert_array_equal(fit["A.area"].dims, array.dims[:-1])

    def test_mistakes_are_sentences(self):
        record = corelevel.load(SAMPLE)
        with self.assertRaisesRegex(corelevel.Error, "there is no such file"):
            corelevel.load("nosuch.vms")
        with self.assertRaisesRegex(AttributeError, "did you mean crop"):
            record["Co 2p"].crp(1, 2)
        with self.assertRaisesRegex(corelevel.Error, "crop"):
            record["Co 2p"].crop(773, width=2)
        with self.assertRaises(corelevel.Error):
            record["Zz 9z"]

    def test_operations_are_those_that_the_command_lists(self):
        told = json.loads(subprocess.run([os.environ["CORELEVEL_COMMAND"], "list", "operations", "--json"], check=True,
                                         capture_output=True).stdout)
        listed = corelevel.operations()
        self.assertEqual([one["name"] for one in listed], [one["name"] for one in told])
        for mine, theirs in zip(listed, told):
            self.assertEqual([(row["name"], row["type"], row["preset"] or "", row["doc"]) for row in mine["parameters"]],
                             [(row["name"], row["type"], row["preset"] or "", row["doc"]) for row in theirs["parameters"]])


class Live(unittest.TestCase):
    def test_partial_results_are_those_of_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            session = corelevel.Session("live.lua", source=WORKFLOW, out=folder)
            session.begin(metadata={"element": "Co", "edge": "K"})
            for number, (energy, i0, tey) in enumerate(zip(*scan(400))):
                self.assertTrue(session.push({"energy": energy, "i0": i0, "tey": tey}, sequence=number + 1))
            self.assertIsNone(session.problem)
            partial = session.results["normalised"].intensity.copy()
            self.assertEqual(os.listdir(folder), [])
            final = session.end()["normalised"].intensity
            numpy.testing.assert_array_equal(partial, final)
            self.assertEqual(sorted(os.listdir(folder)), ["normalised.nc", "tey.nc"])
            with open(folder + "/scan.xdi", "w", encoding="ascii") as file:
                file.write("# XDI/1.0\n# Column.1: energy eV\n# Column.2: i0\n# Column.3: tey\n#---\n")
                file.writelines(f"{e!r} {i!r} {t!r}\n" for e, i, t in zip(*(column.tolist() for column in scan(400))))
            offline = corelevel.Session("live.lua", source=WORKFLOW, out=folder, inputs={"scan": folder + "/scan.xdi"})
            numpy.testing.assert_array_equal(offline.run()["normalised"].intensity, final)

    def test_types_of_numbers_and_wrong_ones(self):
        session = corelevel.Session("live.lua", source=WORKFLOW)
        session.begin(queue=2)
        for kind in ("f8", "f4", "i2", "u2", "i4", "u4", "i8", "u8", ">f4", ">i2"):
            session.push({"energy": numpy.array([7700.0]), "i0": numpy.ones(1, kind), "tey": numpy.ones(1, kind)})
        self.assertEqual(session.results["tey"].intensity[0], 1)
        with self.assertRaisesRegex(corelevel.Error, "of type <U3"):
            session.push({"energy": 7700.0, "i0": "one", "tey": 1.0})
        with self.assertRaisesRegex(corelevel.Error, "tey is not a number"):
            session.push({"energy": 7700.0, "i0": 1.0, "tey": float("nan")})
        with self.assertRaisesRegex(corelevel.Error, "tey is empty"):
            session.push({"energy": 7700.0, "i0": 1.0, "tey": numpy.zeros(0)})
        with self.assertRaisesRegex(corelevel.Error, "it holds no signals"):
            session.push({})
        with self.assertRaisesRegex(corelevel.Error, "end it first"):
            session.run()
        for _ in range(5):
            session.post({"energy": 7701.0, "i0": 1.0, "tey": 1.0})
        self.assertEqual((session.counters["dropped"], session.counters["waiting"]), (3, 2))

    def test_other_threads_go_on_and_can_cancel(self):
        session = corelevel.Session("endless.lua", source="require('corelevel').workflow { inputs = { { 'x' } }, live = {} }"
                                                          " while true do end")
        session.begin()
        ticks = []

        def tick():
            for _ in range(10):
                time.sleep(0.005)
                ticks.append(1)
            session.cancel()

        thread = threading.Thread(target=tick)
        thread.start()
        with self.assertRaisesRegex(corelevel.Error, "interrupted"):
            session.push({"energy": 1.0, "y": 1.0})
        thread.join()
        self.assertEqual(len(ticks), 10)

    def test_says_what_the_workflow_says(self):
        said = []
        session = corelevel.Session("talk.lua", source="print('µ', 1)", print=said.append)
        session.run()
        self.assertEqual(said, ["µ\t1\n"])


if __name__ == "__main__":
    unittest.main()
