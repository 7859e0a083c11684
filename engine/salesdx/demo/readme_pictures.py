"""The pictures of reports in README and the manual, drawn anew from the demo.

    python -m salesdx.demo.readme_pictures docs/images

It needs pypdfium2, which only tests install.
"""

import sys
import tempfile
from pathlib import Path

from salesdx.analysis import analyse
from salesdx.demo.gallery import make_gallery
from salesdx.demo.pictures import page_picture, strip
from salesdx.demo.writing import write_demo
from salesdx.language import LANGUAGES, Language
from salesdx.render import edition_for, printed

WIDTH, STRIP = 540, 1000  # pixels
SECTIONS = {"loss-map": "map", "plan": "plan"}  # picture -> chapter of the report


def draw(folder: Path) -> None:
    """All pictures in both languages."""
    for lang in LANGUAGES:
        with tempfile.TemporaryDirectory(prefix="salesdx-") as temporary:
            for name, picture in _pictures(Path(temporary), lang).items():
                (folder / f"{name}-{lang}.png").write_bytes(picture)


def _pictures(work: Path, lang: Language) -> dict[str, bytes]:
    case = write_demo(work / "demo", language=lang)
    edition = edition_for(analyse(case).document, lang)
    pdf = printed(edition, "pdf")
    found = {"report": page_picture(pdf, 1, WIDTH)}
    titles = {s.id: s.title for s in edition.report.sections}
    for name, section in SECTIONS.items():
        page = _page_with(pdf, titles[section])
        found[name] = page_picture(pdf, page, WIDTH)
    made = make_gallery(work / "gallery", lang)
    firsts = [next(p for p in m.files if p.suffix == ".pdf") for m in made]
    return found | {"gallery": strip([p.read_bytes() for p in firsts], STRIP)}


def _page_with(pdf: bytes, title: str) -> int:
    """The page on which a chapter begins."""
    import pypdfium2  # not installed with the product

    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document, 1):
        lines = page.get_textpage().get_text_range().splitlines()
        if title in (line.strip() for line in lines):
            return number
    raise LookupError(title)


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
