"""corelevel: core-level spectra (XPS, XAS, EELS) from the instrument's own file to chemical-state fractions.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from ._library import Error, library as _library, text as _text
from .listing import formats, operations
from .session import Session
from .values import Columns, Fit, Group, Model, Record, Spectra, load, model, spectra

__version__ = _text(_library.clv_version())
__all__ = ["Columns", "Error", "Fit", "Group", "Model", "Record", "Session", "Spectra", "formats", "load", "model",
           "operations", "spectra"]
