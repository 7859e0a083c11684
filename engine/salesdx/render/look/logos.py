"""Logos of strangers: a PNG of known size, or a drawing of plain shapes.

An SVG is written anew of what is known to be harmless: shapes, gradients and groups.
Nothing in it can run, load, repeat itself or lean on a font.
"""

import re
import struct
import zlib
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from salesdx.errors import Said

LARGEST = 1_000_000
_SIDE = 4_000  # pixels
_ELEMENTS, _DEEP = 5_000, 40
_FLAT, _TALL = 25.0, 0.2  # width by height
_PNG = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_KEPT_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_SHAPES = {
    "svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline",
    "polygon", "linearGradient", "radialGradient", "stop", "clipPath",
}  # fmt: skip
_SILENT = {"title", "desc", "metadata"}
_PAINT = {
    "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity",
    "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "opacity", "clip-path",
    "clip-rule", "stop-color", "stop-opacity", "color", "display", "visibility",
}  # fmt: skip
_PLACE = {
    "id", "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "fx",
    "fy", "width", "height", "points", "transform", "offset", "gradientUnits",
    "gradientTransform", "spreadMethod", "clipPathUnits", "viewBox",
    "preserveAspectRatio",
}  # fmt: skip
_URL = re.compile(r"url\(\s*#[\w.-]+\s*\)")
_ID = re.compile(r"#[\w.-]+")
_NUMBER = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)(?:px|pt|mm|cm|in)?\s*")


class NoLogoError(Exception):
    """Why a picture cannot be used, and at which line of it."""

    def __init__(self, said: Said, line: int = 1, hint: Said | None = None) -> None:
        super().__init__(str(said))
        self.said, self.line, self.hint = said, line, hint or Said("", "")


def png(data: bytes) -> tuple[bytes, float]:
    """The picture without what is not seen, and its width by height.

    Raises:
        NoLogoError: it is no PNG, broken, or far too large when unpacked.
    """
    if not data.startswith(_PNG):
        raise NoLogoError(Said("this is no PNG picture", "это не картинка PNG"))
    try:
        return _png(data)
    except (struct.error, zlib.error, IndexError, KeyError):
        raise NoLogoError(_BROKEN) from None


_BROKEN = Said("the picture is broken", "картинка повреждена")


def _png(data: bytes) -> tuple[bytes, float]:
    out, at, packed = [_PNG], len(_PNG), []
    width = height = bits = 0
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        chunk = data[at : at + 12 + length]
        if struct.unpack(">I", chunk[-4:])[0] != zlib.crc32(chunk[4:-4]):
            raise NoLogoError(_BROKEN)
        if name == b"IHDR":
            width, height, depth, colour = struct.unpack_from(">IIBB", chunk, 8)
            bits = depth * _CHANNELS[colour]
        if name == b"IDAT":
            packed.append(chunk[8:-4])
        if name in _KEPT_CHUNKS:
            out.append(chunk)
        at += 12 + length
        if name == b"IEND":
            break
    if not (0 < width <= _SIDE and 0 < height <= _SIDE):
        raise NoLogoError(Said(
            f"{width} × {height} pixels: at most {_SIDE} a side",
            f"{width} × {height} точек: сторона — не больше {_SIDE}",
        ))  # fmt: skip
    most = 2 * height * (2 + width * bits // 8) + 1024
    found = zlib.decompressobj()
    size = len(found.decompress(b"".join(packed), most))
    if not found.eof or size < height * (width * bits // 8):
        raise NoLogoError(_BROKEN)
    return b"".join(out), _shape(width, height)


def svg(data: bytes) -> tuple[bytes, float]:
    """The drawing written anew of harmless parts, and its width by height.

    Raises:
        NoLogoError: it holds what a logo may not, with the line.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoLogoError(
            Said("the drawing is not UTF-8 text", "рисунок не в UTF-8")
        ) from None
    found = _Copy()
    try:
        found.parser.Parse(text, True)
    except expat.ExpatError as error:
        raise NoLogoError(
            Said("this is no SVG drawing", "это не рисунок SVG"), error.lineno
        ) from None
    return found.finished()


class _Copy:
    """Copies the allowed parts of a drawing as they are read."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.out: list[str] = []
        self.open: list[str] = []
        self.skipped = self.count = 0
        self.ratio = 0.0

    def finished(self) -> tuple[bytes, float]:
        """The copy."""
        if not self.ratio:
            raise self._refused(Said("this is no SVG drawing", "это не рисунок SVG"))
        return "".join(self.out).encode(), self.ratio

    def _refused(self, said: Said, hint: Said | None = None) -> NoLogoError:
        return NoLogoError(said, self.parser.CurrentLineNumber, hint)

    def _doctype(self, _n: str, _s: str | None, _p: str | None, inside: bool) -> None:
        """A bare doctype is usual; what it declares would be entities."""
        if inside:
            raise self._refused(Said(
                "entities are not allowed in a logo",
                "в логотипе не может быть сущностей (ENTITY)",
            ))  # fmt: skip

    def _start(self, name: str, given: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        self.count += 1
        if self.count > _ELEMENTS or len(self.open) + self.skipped > _DEEP:
            raise self._refused(
                Said("too many parts for a logo", "для логотипа слишком много деталей"),
                _AS_PNG,
            )
        if self.skipped or space != _SVG or local in _SILENT:
            if not self.open:
                raise self._refused(
                    Said("this is no SVG drawing", "это не рисунок SVG")
                )
            self.skipped += 1
            return
        if local not in _SHAPES or (local == "svg") != (not self.open):
            raise self._refused(Said(
                f"<{local[:30]}> is not allowed in a logo",
                f"в логотипе не может быть <{local[:30]}>",
            ), _HINTS.get(local, _AS_PNG))  # fmt: skip
        kept = self._attributes(given)
        if local == "svg":
            kept = self._root(kept)
        self.open.append(local)
        told = "".join(f" {k}={quoteattr(v)}" for k, v in sorted(kept.items()))
        self.out.append(f"<{local}{told}>")

    def _end(self, _name: str) -> None:
        if self.skipped:
            self.skipped -= 1
        else:
            self.out.append(f"</{self.open.pop()}>")

    def _attributes(self, given: dict[str, str]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for name, value in given.items():
            space, _, local = name.rpartition(" ")
            if local.lower().startswith("on"):
                raise self._refused(Said(
                    f"{local[:30]}: a logo runs nothing",
                    f"{local[:30]}: логотип ничего не выполняет",
                ))  # fmt: skip
            if local == "href" and space in ("", _XLINK):
                kept["xlink:href"] = self._local(value)
            elif local == "style" and not space:
                for pair in value.split(";"):
                    key, _, told = pair.partition(":")
                    if key.strip() in _PAINT:
                        kept[key.strip()] = self._value(told.strip())
            elif not space and local in _PAINT | _PLACE:
                kept[local] = self._value(value)
        return kept

    def _value(self, value: str) -> str:
        rest = _URL.sub("", value).lower()
        if any(bad in rest for bad in ("url", "\\", "/*", "javascript", "@", "<", "&")):
            raise self._refused(_OUTSIDE)
        return value

    def _local(self, value: str) -> str:
        if not _ID.fullmatch(value.strip()):
            raise self._refused(_OUTSIDE)
        return value.strip()

    def _root(self, kept: dict[str, str]) -> dict[str, str]:
        """The box of the drawing, said in one way."""
        box = kept.get("viewBox", "").replace(",", " ").split()
        try:
            left, top, width, height = (float(n) for n in box)
        except ValueError:
            sizes = [_NUMBER.fullmatch(kept.get(k, "")) for k in ("width", "height")]
            if not all(sizes):
                raise self._refused(Said(
                    "the drawing does not say how large it is",
                    "у рисунка не указан размер",
                ), Said("give it a viewBox", "задайте viewBox")) from None  # fmt: skip
            left = top = 0.0
            width, height = (float(m[1]) for m in sizes if m)
        if not (0 < width < 1e6 and 0 < height < 1e6 and abs(left) + abs(top) < 1e6):
            raise self._refused(Said(
                "the drawing has no usable size", "размер рисунка не годится"
            ))  # fmt: skip
        self.ratio = _shape(width, height, self.parser.CurrentLineNumber)
        return {
            **{k: v for k, v in kept.items() if k in _PAINT},
            "viewBox": f"{left:g} {top:g} {width:g} {height:g}",
            "width": f"{width:g}", "height": f"{height:g}",
            "xmlns": _SVG, "xmlns:xlink": _XLINK,
        }  # fmt: skip


_OUTSIDE = Said(
    "a logo refers to nothing outside itself",
    "логотип не может ссылаться на что-то вне себя",
)
_AS_PNG = Said("save the logo as PNG", "сохраните логотип в PNG")
_CURVES = Said(
    "turn the text into curves, or save the logo as PNG",
    "переведите текст в кривые или сохраните логотип в PNG",
)
_HINTS = {
    "text": _CURVES, "tspan": _CURVES,
    "style": Said(
        "export the drawing with presentation attributes, or save it as PNG",
        "выгрузите рисунок с атрибутами оформления (presentation attributes) "
        "или сохраните в PNG",
    ),
}  # fmt: skip


def _shape(width: float, height: float, line: int = 1) -> float:
    ratio = width / height
    if not _TALL <= ratio <= _FLAT:
        raise NoLogoError(
            Said("the logo is far too narrow", "логотип слишком узкий"), line,
            Said(
                f"width by height is {ratio:.2g}; {_TALL:g} to {_FLAT:g} can be shown",
                f"ширина к высоте — {ratio:.2g}; показать можно "
                f"от {_TALL:g} до {_FLAT:g}",
            ),
        )  # fmt: skip
    return ratio
