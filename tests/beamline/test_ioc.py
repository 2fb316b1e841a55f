"""A real EPICS soft IOC in a process of its own, read and written by a PVAccess client.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import subprocess
import sys
import unittest

os.environ.update(EPICS_PVA_ADDR_LIST="127.0.0.1", EPICS_PVA_AUTO_ADDR_LIST="NO", EPICS_PVAS_INTF_ADDR_LIST="127.0.0.1",
                  EPICS_CAS_INTF_ADDR_LIST="127.0.0.1", EPICS_PVA_BROADCAST_PORT="15078", EPICS_PVA_SERVER_PORT="0",
                  EPICS_CA_SERVER_PORT="15064", EPICS_CAS_SERVER_PORT="15064")

import numpy
from p4p.client.thread import Context

import corelevel


class SoftIoc(unittest.TestCase):
    def setUp(self):
        self.ioc = subprocess.Popen([sys.executable, "-m", "corelevel.ioc", "smooth", "--prefix", "SMOOTH:"], text=True,
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(self.ioc.stdout.close)
        self.addCleanup(self.ioc.wait)
        self.addCleanup(self.ioc.kill)
        for line in self.ioc.stdout:
            if line == "serving\n":
                break
        self.client = Context("pva", nt=False)
        self.addCleanup(self.client.close)

    def get(self, name):
        return self.client.get("SMOOTH:" + name, timeout=10)

    def test_records_are_those_of_the_operation_and_a_wrong_put_is_refused(self):
        energy = 700 + 0.5 * numpy.arange(100)
        signal = 1000 + 10 * numpy.sin(numpy.arange(100.0) ** 2)
        rows = {row["name"]: row for one in corelevel.operations() if one["name"] == "smooth" for row in one["parameters"]}
        row = next(row for row in rows.values() if row["type"] in ("number", "integer") and "low" in row)
        told = self.get(row["name"])
        self.assertEqual(told.display.units, (row["unit"] or "")[:15])
        self.assertEqual(told.display.description, row["doc"][:40])
        self.client.put("SMOOTH:energy", energy)
        self.client.put("SMOOTH:signal", signal)
        expected = corelevel.spectra("signal", [("photon_energy", "eV", energy)], signal, unit="counts").smooth()
        numpy.testing.assert_array_equal(self.get("result").value, expected.intensity)
        before = told.value
        try:
            self.client.put("SMOOTH:" + row["name"], row["low"] - 1000)
        except Exception:  # how a refusal reaches a client is the server's affair; that nothing changed counts
            pass
        self.assertEqual(self.get(row["name"]).value, before)
        self.assertRegex(self.problem(), f"smooth: {row['name']}")

    def problem(self):
        """A long text is an array of characters to a plain client."""
        value = self.get("problem").value
        return value if isinstance(value, str) else bytes(numpy.asarray(value).astype("u1")).decode().rstrip("\0")


if __name__ == "__main__":
    unittest.main()
