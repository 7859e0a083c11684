"""Pages of a finished PDF as pictures."""

import tempfile
from pathlib import Path

import typst

_WIDTH = 100  # millimetres; the size in pixels follows from the resolution


def page_pictures(pdf: bytes, pages: list[int], width: int) -> list[bytes]:
    """PNG pictures of pages, counted from 1, so many pixels wide."""
    shown = "\n#pagebreak()\n".join(
        f'#image("report.pdf", page: {page}, width: {_WIDTH}mm)' for page in pages
    )
    with tempfile.TemporaryDirectory(prefix="salesdx-") as name:
        folder = Path(name)
        (folder / "report.pdf").write_bytes(pdf)
        main = folder / "main.typ"
        main.write_text(f"#set page(width: auto, height: auto, margin: 0pt)\n{shown}\n")
        made = typst.compile(
            str(main), root=str(folder), format="png", ppi=width / _WIDTH * 25.4,
            ignore_system_fonts=True,
        )  # fmt: skip
    return made if isinstance(made, list) else [made]
