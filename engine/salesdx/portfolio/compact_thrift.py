"""Thrift's compact protocol, as far as a Parquet footer needs it: to walk and to copy.

Nothing is decoded but the numbers that change; all else is copied as it stands.
"""

from collections.abc import Iterator

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
_FIXED = {BYTE: 1, TRUE: 1, FALSE: 1, DOUBLE: 8}  # bytes of a value within a list
_VARINTS = (I16, I32, I64)


class Walk:
    """A way through the bytes of a struct, with a copy in which some numbers differ."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at
        self._copy = bytearray()
        self._copied = at  # up to here the copy is made

    def fields(self) -> Iterator[tuple[int, int]]:
        """Number and type of each field; its value must be walked before the next."""
        number = 0
        data = self.data
        while head := data[self.at]:
            self.at += 1
            kind = head & 0x0F
            number = number + (head >> 4) if head >> 4 else self.number()
            yield number, kind
        self.at += 1

    def items(self) -> tuple[int, int]:
        """How many values a list has, and their type; they come next."""
        head = self.data[self.at]
        self.at += 1
        size = head >> 4
        return (self._varint() if size == 15 else size), head & 0x0F

    def number(self) -> int:
        """The value of a whole number."""
        found = self._varint()
        return (found >> 1) ^ -(found & 1)

    def skip(self, kind: int) -> None:
        """Walk over the value of a field."""
        if kind in _VARINTS:
            while self.data[self.at] > 0x7F:
                self.at += 1
            self.at += 1
        elif kind == BINARY:
            size = self._varint()
            self.at += size
        elif kind == STRUCT:
            for _, inner in self.fields():
                self.skip(inner)
        elif kind in (LIST, SET):
            size, of = self.items()
            if of in _FIXED:
                self.at += size * _FIXED[of]
            else:
                for _ in range(size):
                    self.skip(of)
        elif kind not in (TRUE, FALSE):  # the type of a flag is its value
            self.at += _FIXED[kind]

    def replace(self, begin: int, value: bytes) -> None:
        """In the copy stands `value` for all from `begin` to here."""
        self._copy += self.data[self._copied : begin]
        self._copy += value
        self._copied = self.at

    def copy(self) -> bytes:
        """The copy up to here; the next begins here."""
        self.replace(self.at, b"")
        found = bytes(self._copy)
        self._copy.clear()
        return found

    def _varint(self) -> int:
        found = self.data[self.at]
        self.at += 1
        if found < 0x80:
            return found
        found &= 0x7F
        shift = 7
        while True:
            byte = self.data[self.at]
            self.at += 1
            found |= (byte & 0x7F) << shift
            if byte < 0x80:
                return found
            shift += 7


def number_bytes(value: int) -> bytes:
    """A whole number as it is written."""
    return _varint_bytes(value << 1 if value >= 0 else (-value << 1) - 1)


def list_head(kind: int, size: int) -> bytes:
    """What stands before the values of a list."""
    if size < 15:
        return bytes([size << 4 | kind])
    return bytes([0xF0 | kind]) + _varint_bytes(size)


def _varint_bytes(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
