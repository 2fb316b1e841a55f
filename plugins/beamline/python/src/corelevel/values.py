"""Values between Python and the library, and its objects: records, spectra, columns, fits, groups.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

from typing import Any, Iterator

import numpy

from ._library import Error, checked, ffi, library, text


class _Lent:
    """Memory of the library as numpy sees it; keeps its owner alive."""

    def __init__(self, address: Any, shape: tuple[int, ...], owner: Any):
        self.owner = owner
        self.__array_interface__ = {"data": (int(ffi.cast("uintptr_t", address)), True), "shape": shape, "typestr": "<f8",
                                    "version": 3}


def _lent(address: Any, shape: tuple[int, ...], owner: Any) -> numpy.ndarray:
    return numpy.asarray(_Lent(address, shape, owner))


def to_value(given: Any) -> Any:
    """A new clv_value, the caller's, of a number, text, truth, None, list, dict or object."""
    if isinstance(given, Object):
        return library.clv_value_ref(given.value)
    if given is None:
        return library.clv_value_nil()
    if isinstance(given, (bool, numpy.bool_)):
        return library.clv_value_boolean(int(given))
    if isinstance(given, str):
        return library.clv_value_text(given.encode())
    if isinstance(given, (list, tuple, dict, numpy.ndarray)):
        return _to_table(given)
    try:
        return library.clv_value_number(float(given))
    except (TypeError, ValueError):
        raise Error(f"{type(given).__name__} is nothing that corelevel knows", -2) from None


def _to_table(given: Any) -> Any:
    table = library.clv_value_table()
    try:
        for name, item in given.items() if isinstance(given, dict) else enumerate(given):
            if isinstance(name, str):
                checked(library.clv_value_set, table, name.encode(), to_value(item))
            else:
                checked(library.clv_value_append, table, to_value(item))
    except BaseException:
        library.clv_value_free(table)
        raise
    return table


def from_value(value: Any) -> Any:
    """What a clv_value (lent) holds, as Python sees it; objects are shared."""
    kind = library.clv_value_kind(value)
    if kind in _OBJECTS:
        return _OBJECTS[kind](library.clv_value_ref(value))
    if kind == library.CLV_BOOLEAN:
        return bool(library.clv_value_as_boolean(value))
    if kind in (library.CLV_NUMBER, library.CLV_FIXED):
        return library.clv_value_as_number(value)
    if kind == library.CLV_TEXT:
        return text(library.clv_value_as_text(value))
    if kind != library.CLV_TABLE:
        return None
    items = [from_value(library.clv_value_at(value, i)) for i in range(library.clv_value_count(value))]
    names = [text(library.clv_value_name_at(value, i)) for i in range(library.clv_value_name_count(value))]
    named = {name: from_value(library.clv_value_get(value, name.encode())) for name in names}
    return items if items and not named else {**dict(enumerate(items)), **named}


class Object:
    """An immutable object of the library; each operation that stands on its kind is a method."""

    kind = 0

    def __init__(self, value_take: Any):
        self.value = ffi.gc(value_take, library.clv_value_free)

    @property
    def _object(self) -> Any:
        return library.clv_value_as_object(self.value, self.kind)

    def apply(self, name: str, *arguments: Any, **options: Any) -> Any:
        """Applies the operation `name` with arguments by place and by name, as in a workflow."""
        table = ffi.gc(_to_table({**dict(enumerate(arguments)), **options}), library.clv_value_free)
        result = ffi.new("clv_value **")
        checked(library.clv_apply, name.encode(), self.value, table, result)
        made = ffi.gc(result[0], library.clv_value_free)
        return self if library.clv_value_kind(made) == library.CLV_NIL else from_value(made)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = ffi.new("const clv_operation **")
        error = ffi.new("clv_error *")
        if library.clv_registry_find_operation(name.encode(), self.kind, found, error):
            raise AttributeError(text(error.text))

        def method(*arguments: Any, **options: Any) -> Any:
            return self.apply(name, *arguments, **options)

        method.__name__, method.__doc__ = name, text(found[0].doc)
        return method

    def __repr__(self) -> str:
        printed = ffi.new("char **")
        checked(library.clv_value_print, self.value, printed)
        told = text(printed[0]) or ""
        library.clv_text_free(printed[0])
        return told.rstrip("\n")


def _axis(axis: Any, owner: Any) -> tuple[str, str, numpy.ndarray]:
    values = _lent(library.clv_axis_values(axis), (library.clv_axis_size(axis),), owner)
    return text(library.clv_axis_name(axis)) or "", text(library.clv_axis_unit(axis)) or "1", values


def _coordinates(axes: list[tuple[str, str, numpy.ndarray]]) -> dict[str, Any]:
    return {name: (name, values, {"units": unit}) for name, unit, values in axes}


class Spectra(Object):
    """One signal on named axes, the energies last."""

    kind = library.CLV_SPECTRA

    @property
    def name(self) -> str:
        return text(library.clv_spectra_name(self._object)) or ""

    @property
    def unit(self) -> str:
        return text(library.clv_spectra_unit(self._object)) or "1"

    @property
    def axes(self) -> list[tuple[str, str, numpy.ndarray]]:
        """Name, unit and values of each axis."""
        count = library.clv_spectra_axis_count(self._object)
        return [_axis(library.clv_spectra_axis(self._object, i), self.value) for i in range(count)]

    @property
    def energy(self) -> numpy.ndarray:
        """The energies of the axis, eV."""
        return self.axes[-1][2]

    @property
    def intensity(self) -> numpy.ndarray:
        """The signal, a read-only view of the library's own memory."""
        shape = tuple(len(values) for _, _, values in self.axes)
        return _lent(library.clv_spectra_intensity(self._object), shape, self.value)

    def to_xarray(self) -> Any:
        """An xarray.DataArray."""
        import xarray

        return xarray.DataArray(self.intensity, dims=[name for name, _, _ in self.axes], coords=_coordinates(self.axes),
                                name=self.name, attrs={"units": self.unit})


class Columns(Object):
    """Values with uncertainties along axes."""

    kind = library.CLV_COLUMNS

    @property
    def names(self) -> list[str]:
        return [text(library.clv_columns_name(self._object, c)) or "" for c in range(library.clv_columns_count(self._object))]

    @property
    def axes(self) -> list[tuple[str, str, numpy.ndarray]]:
        count = library.clv_columns_axis_count(self._object)
        return [_axis(library.clv_columns_axis(self._object, i), self.value) for i in range(count)]

    def _gather(self, function: Any, name: str | None) -> numpy.ndarray:
        column = 0 if name is None else library.clv_columns_find(self._object, name.encode())
        if column >= library.clv_columns_count(self._object):
            raise Error(f"there is no column '{name}'; there are: {', '.join(self.names)}", -4)
        points = range(library.clv_columns_points(self._object))
        return numpy.array([function(self._object, column, point) for point in points]).reshape(
            [len(values) for _, _, values in self.axes])

    def values(self, name: str | None = None) -> numpy.ndarray:
        """The values of a column (the first without a name) along the axes."""
        return self._gather(library.clv_columns_value, name)

    def errors(self, name: str | None = None) -> numpy.ndarray:
        """Their standard uncertainties."""
        return self._gather(library.clv_columns_error, name)

    def to_xarray(self) -> Any:
        """An xarray.Dataset of `name` and `name_error`."""
        import xarray

        dims, data = [name for name, _, _ in self.axes], {}
        for place, name in enumerate(self.names):
            unit = {"units": text(library.clv_columns_unit(self._object, place)) or "1"}
            data[name] = (dims, self.values(name), unit)
            data[f"{name}_error"] = (dims, self.errors(name), unit)
        return xarray.Dataset(data, coords=_coordinates(self.axes))


class Fit(Object):
    """A model fitted to spectra."""

    kind = library.CLV_FIT

    @property
    def parameters(self) -> list[str]:
        count = library.clv_fit_parameter_count(self._object)
        return [text(library.clv_fit_parameter_name(self._object, p)) or "" for p in range(count)]

    def __getitem__(self, parameter: str) -> Columns:
        """The column of a parameter such as "Co2+.area"."""
        made = ffi.new("clv_columns **")
        checked(library.clv_fit_column, self._object, parameter.encode(), made)
        return Columns(library.clv_value_object(library.CLV_COLUMNS, made[0]))

    def to_xarray(self) -> Any:
        """An xarray.Dataset of all parameters and their errors."""
        import xarray

        return xarray.merge([self[name].to_xarray() for name in self.parameters])


class Record(Object):
    """What a file holds: named spectra."""

    kind = library.CLV_RECORD

    def __len__(self) -> int:
        return library.clv_record_count(self._object)

    def __iter__(self) -> Iterator[Spectra]:
        return (self._at(library.clv_record_at(self._object, i)) for i in range(len(self)))

    def __getitem__(self, line: str | int) -> Spectra:
        """The spectra of a line in any spelling, or at a place from 0."""
        if isinstance(line, int):
            return list(self)[line]
        found = ffi.new("clv_spectra **")
        checked(library.clv_record_find, self._object, line.encode(), float("nan"), found)
        return self._at(found[0])

    @property
    def names(self) -> list[str]:
        return [spectra.name for spectra in self]

    @staticmethod
    def _at(spectra: Any) -> Spectra:
        return Spectra(library.clv_value_object(library.CLV_SPECTRA, library.clv_spectra_ref(spectra)))


class Group(Object):
    """Several objects of one kind."""

    kind = library.CLV_GROUP

    def members(self) -> dict[Any, Any]:
        """By name, or by place from 0 in a list."""
        count = library.clv_group_count(self._object)
        names = [text(library.clv_group_name(self._object, i)) for i in range(count)]
        return {names[i] or i: from_value(library.clv_group_at(self._object, i)) for i in range(count)}


class Model(Object):
    """A list of components."""

    kind = library.CLV_MODEL


_OBJECTS = {one.kind: one for one in (Record, Spectra, Columns, Model, Fit, Group)}


def load(path: Any, **options: Any) -> Record:
    """Reads a file in any format there is; options such as format="xdi"."""
    table = ffi.gc(_to_table(options), library.clv_value_free)
    record = ffi.new("clv_record **")
    checked(library.clv_load, str(path).encode(), table, record)
    return Record(library.clv_value_object(library.CLV_RECORD, record[0]))


def spectra(name: str, axes: list[tuple[str, str, Any]], intensity: Any, *, unit: str = "1", poisson: bool = False) -> Spectra:
    """Makes spectra of arrays: `axes` are name, unit and values, the energies last; `poisson` where they are counts."""
    values = numpy.ascontiguousarray(intensity, "f8")
    sizes = tuple(numpy.size(one[2]) for one in axes)
    if values.shape != sizes:
        raise Error(f"spectra: {name} is of shape {values.shape}, and its axes are of {sizes}", -2)
    made, axis_at = [], ffi.new("clv_axis **")
    try:
        for axis, axis_unit, numbers in axes:
            array = numpy.ascontiguousarray(numbers, "f8")
            checked(library.clv_axis_new, axis.encode(), axis_unit.encode(), ffi.from_buffer("double[]", array), array.size,
                    axis_at)
            made.append(axis_at[0])
        out = ffi.new("clv_spectra **")
        checked(library.clv_spectra_new, name.encode(), unit.encode(), ffi.new("clv_axis *[]", made), len(made), out)
    finally:
        for axis in made:
            library.clv_axis_free(axis)
    whole = Spectra(library.clv_value_object(library.CLV_SPECTRA, out[0]))
    ffi.memmove(library.clv_spectra_fill(out[0]), ffi.from_buffer(values), values.nbytes)
    if poisson:
        library.clv_spectra_set_noise(out[0], library.CLV_NOISE_POISSON, 1, 0)
    checked(library.clv_spectra_measure_noise, out[0])
    return whole


def model(written: str) -> Model:
    """A model as a workflow writes it: "shirley {}, peak { 'A', position = 780 }"."""
    made = ffi.new("clv_model **")
    checked(library.clv_model_parse, written.encode(), made)
    return Model(library.clv_value_object(library.CLV_MODEL, made[0]))
