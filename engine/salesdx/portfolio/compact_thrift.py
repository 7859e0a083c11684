"""Thrift's compact protocol, as far as the footer of a Parquet file needs it.

Read into plain Python and written back without knowing what the fields mean: a struct
is `{number: (type, value)}` in the order of its fields, a list is `(type, [values])`.
"""

from typing import Any

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
Struct = dict[int, tuple[int, Any]]


class Reader:
    """Reads values one after another."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def struct(self) -> Struct:
        """All fields up to the stop."""
        found: Struct = {}
        number = 0
        while head := self._byte():
            kind = head & 0x0F
            number = number + (head >> 4) if head >> 4 else self._signed()
            if kind in (TRUE, FALSE):
                found[number] = kind, None
            else:
                found[number] = kind, self._value(kind)
        return found

    def _value(self, kind: int) -> Any:
        if kind in (I16, I32, I64):
            return self._signed()
        if kind == BINARY:
            return self._taken(self._varint())
        if kind == STRUCT:
            return self.struct()
        if kind in (LIST, SET):
            return self._list()
        if kind in (BYTE, TRUE, FALSE):  # within a list a flag is a byte
            return self._taken(1)
        if kind == DOUBLE:
            return self._taken(8)
        raise ValueError(f"no field of a Parquet footer is of type {kind}")

    def _list(self) -> tuple[int, list[Any]]:
        head = self._byte()
        size, kind = head >> 4, head & 0x0F
        if size == 15:
            size = self._varint()
        return kind, [self._value(kind) for _ in range(size)]

    def _byte(self) -> int:
        found = self._data[self._at]
        self._at += 1
        return found

    def _taken(self, size: int) -> bytes:
        found = self._data[self._at : self._at + size]
        self._at += size
        return found

    def _varint(self) -> int:
        found = shift = 0
        while True:
            byte = self._byte()
            found |= (byte & 0x7F) << shift
            if byte < 0x80:
                return found
            shift += 7

    def _signed(self) -> int:
        found = self._varint()
        return (found >> 1) ^ -(found & 1)


def written(struct: Struct) -> bytes:
    """The bytes of a struct, with its stop."""
    out = bytearray()
    _struct(out, struct)
    return bytes(out)


def list_head(kind: int, size: int) -> bytes:
    """What stands before the values of a list."""
    if size < 15:
        return bytes([size << 4 | kind])
    out = bytearray([0xF0 | kind])
    _varint(out, size)
    return bytes(out)


def _struct(out: bytearray, struct: Struct) -> None:
    last = 0
    for number, (kind, value) in struct.items():
        if 0 < number - last <= 15:
            out.append((number - last) << 4 | kind)
        else:
            out.append(kind)
            _signed(out, number)
        if kind not in (TRUE, FALSE):
            _value(out, kind, value)
        last = number
    out.append(0)


def _value(out: bytearray, kind: int, value: Any) -> None:
    if kind in (I16, I32, I64):
        _signed(out, value)
    elif kind == BINARY:
        _varint(out, len(value))
        out += value
    elif kind == STRUCT:
        _struct(out, value)
    elif kind in (LIST, SET):
        of, values = value
        out += list_head(of, len(values))
        for each in values:
            _value(out, of, each)
    else:
        out += value


def _varint(out: bytearray, value: int) -> None:
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def _signed(out: bytearray, value: int) -> None:
    _varint(out, value << 1 if value >= 0 else (-value << 1) - 1)
