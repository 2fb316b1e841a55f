#!/usr/bin/python3
# Times lmfit (VoigtModel and expressions) on the simulated Co 2p series that bench_fit wrote: fits a CPU second, warm.
# SPDX-License-Identifier: GPL-3.0-or-later
import sys
import time

import numpy as np
import lmfit
from lmfit.models import VoigtModel

data = np.loadtxt(sys.argv[1])
energy, spectra = data[0], data[1:]
lines = [("a", 0, "g1"), ("b", 0, "g1"), ("c", 0, "g2")]
composite = None
for name, _, _ in lines:
    for member in "12":
        part = VoigtModel(prefix=name + member)
        composite = part if composite is None else composite + part


def background(x, level=0.0, slope=0.0):
    return level + slope * (x - 792.5)


def model_with_shirley(params, x):
    peaks = composite.eval(params, x=x)
    steps = 0.5 * (peaks[1:] + peaks[:-1]) * np.diff(x)
    integral = np.concatenate([[0.0], np.cumsum(steps)])
    v = params.valuesdict()
    return peaks + v["k"] * integral + background(x, v["level"], v["slope"])



params = lmfit.Parameters()
start = {"a": (779.7, 15.1, 10000, 0.55), "b": (782.3, 15.1, 8000, 0.55), "c": (786.5, 17.0, 4000, 1.7)}
params.add("g1", value=0.55, min=0.08, max=5)
params.add("g2", value=1.7, min=0.08, max=5)
params.add("gamma", value=0.25, min=0, max=2)
params.add("k", value=0.03, min=0, max=0.5)
params.add("level", value=1000)
params.add("slope", value=0)
for name, _, width in lines:
    position, split, area, _ = start[name]
    params.add(name + "1center", value=position, min=position - 2, max=position + 2)
    params.add(name + "1amplitude", value=area, min=0)
    params.add(name + "1sigma", expr=width)
    params.add(name + "1gamma", expr="gamma")
    params.add(name + "2center", expr=f"{name}1center + {split}")
    params.add(name + "2amplitude", expr=f"{name}1amplitude * 0.5")
    params.add(name + "2sigma", expr=width)
    params.add(name + "2gamma", expr="gamma")


def residual(p, x, y, w):
    return (y - model_with_shirley(p, x)) * w


begin, done = time.process_time(), 0
for y in spectra:
    result = lmfit.minimize(residual, params, args=(energy, y, 1 / np.sqrt(np.maximum(y, 1))), scale_covar=False)
    params = result.params
    done += 1
print(f"{done / (time.process_time() - begin):.4g}")
