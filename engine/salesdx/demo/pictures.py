"""Pages of finished PDFs as pictures."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import typst

_WIDTH = 100  # millimetres; the size in pixels follows from the resolution


def page_picture(pdf: bytes, page: int, width: int) -> bytes:
    """A PNG picture of a page, counted from 1, so many pixels wide."""
    return _drawn(f'#image("0.pdf", page: {page}, width: {_WIDTH}mm)', [pdf], width)


def strip(pdfs: Sequence[bytes], width: int) -> bytes:
    """The first pages side by side, framed, as one PNG picture."""
    pages = ", ".join(
        f'box(stroke: 0.5pt + luma(200), image("{i}.pdf", page: 1, width: 100%))'
        for i in range(len(pdfs))
    )
    inner = (
        f"#box(width: {_WIDTH}mm, inset: 1mm, grid(columns: (1fr,) * {len(pdfs)},"
        f" column-gutter: 2mm, {pages}))"
    )
    return _drawn(inner, pdfs, width)


def _drawn(inner: str, pdfs: Sequence[bytes], width: int) -> bytes:
    with tempfile.TemporaryDirectory(prefix="salesdx-") as name:
        folder = Path(name)
        for i, pdf in enumerate(pdfs):
            (folder / f"{i}.pdf").write_bytes(pdf)
        main = folder / "main.typ"
        page = "#set page(width: auto, height: auto, margin: 0pt, fill: white)"
        main.write_text(f"{page}\n{inner}\n")
        made = typst.compile(
            str(main), root=str(folder), format="png", ppi=width / _WIDTH * 25.4,
            ignore_system_fonts=True,
        )  # fmt: skip
    assert isinstance(made, bytes)
    return made
