"""One process with h5py, netCDF4 and scipy: whatever is imported first, results are bit-identical and all of them work, also
where decimals are written with a comma.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import subprocess
import sys
import tempfile
import unittest

ORDERS = (("corelevel",), ("corelevel", "h5py", "netCDF4", "scipy.optimize"), ("h5py", "corelevel", "netCDF4", "scipy.optimize"),
          ("netCDF4", "corelevel", "scipy.optimize", "h5py"), ("scipy.optimize", "h5py", "netCDF4", "corelevel"),
          ("corelevel", "netCDF4", "h5py", "scipy.optimize"))

PROGRAM = """
import hashlib, importlib, locale, os, sys
locale.setlocale(locale.LC_ALL, "")
names, folder = sys.argv[1].split(","), sys.argv[2]
modules = {name: importlib.import_module(name) for name in names}
import corelevel
co = corelevel.load(os.environ["CORELEVEL_SAMPLES"] + "/licoo2_reduced.vms")["Co 2p"]
if "h5py" in modules:
    with modules["h5py"].File(folder + "/other.h5", "w") as file:
        file["x"] = [1.5, 2.5]
fit = co.fit(corelevel.model("shirley {}, peak { 'A', position = 780 }"))
fit.save(folder + "/fit.nc")
fit.save(folder + "/fit.csv")
if "netCDF4" in modules:
    with modules["netCDF4"].Dataset(folder + "/fit.nc") as file:
        assert file.groups, "netCDF4 reads what corelevel wrote"
if "h5py" in modules:
    with modules["h5py"].File(folder + "/other.h5") as file:
        assert list(file["x"][:]) == [1.5, 2.5]
assert corelevel.load(folder + "/fit.nc")["Co 2p"].intensity.shape == co.intensity.shape
values = b"".join(fit[name].values().tobytes() + fit[name].errors().tobytes() for name in fit.parameters)
print(hashlib.sha256(values + open(folder + "/fit.csv", "rb").read()).hexdigest(), locale.localeconv()["decimal_point"])
"""


class OneProcess(unittest.TestCase):
    def run_in(self, order, environment):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([sys.executable, "-c", PROGRAM, ",".join(order), folder], capture_output=True, text=True,
                                  env={**os.environ, **environment}, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), (order, environment))
        return done.stdout.split()

    def test_results_do_not_depend_on_what_is_imported_first(self):
        self.assertEqual(len({tuple(self.run_in(order, {"LC_ALL": "C"})) for order in ORDERS}), 1)

    def test_nor_on_a_decimal_comma(self):
        with tempfile.TemporaryDirectory() as folder:
            made = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", folder + "/de_DE.UTF-8"], capture_output=True,
                                  check=False) if os.path.exists("/usr/share/i18n/locales/de_DE") else None
            if made is None or not os.path.isdir(folder + "/de_DE.UTF-8"):
                self.skipTest("skipped: the package locales is not there to make de_DE.UTF-8")
            plain, comma = self.run_in(ORDERS[0], {"LC_ALL": "C"}), self.run_in(
                ORDERS[1], {"LC_ALL": "de_DE.UTF-8", "LOCPATH": folder})
        self.assertEqual(comma[1], ",")
        self.assertEqual(plain[0], comma[0])


if __name__ == "__main__":
    unittest.main()
