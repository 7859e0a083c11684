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
from salesdx.render.report import figures

WIDTH, STRIP = 600, 1000  # pixels
MOST = 150_000  # bytes of a picture
CHAPTERS = {"loss-map": "map", "plan": "plan"}  # picture -> chapter of the report


def draw(folder: Path) -> None:
    """All pictures in both languages."""
    for lang in LANGUAGES:
        with tempfile.TemporaryDirectory(prefix="salesdx-") as temporary:
            for name, picture in _pictures(Path(temporary), lang).items():
                (folder / f"{name}-{lang}.png").write_bytes(picture)


def _pictures(work: Path, lang: Language) -> dict[str, bytes]:
    case = write_demo(work / "demo", language=lang)
    document = analyse(case).document
    found = {"report": _small(printed(edition_for(document, lang), "pdf"), 1)}
    edition = edition_for(document, lang, "owner")
    pdf = printed(edition, "pdf")
    chapters = {s.id: s for s in edition.report.sections}
    for name, chapter in CHAPTERS.items():
        largest = max(figures(chapters[chapter].blocks), key=lambda f: len(f.svg))
        found[name] = _small(pdf, _page_with(pdf, largest.caption))
    made = make_gallery(work / "gallery", lang)
    firsts = [next(p for p in m.files if p.suffix == ".pdf") for m in made]
    return found | {"gallery": strip([p.read_bytes() for p in firsts], STRIP)}


def _small(pdf: bytes, page: int) -> bytes:
    """A page as wide as the size of the file allows."""
    width = WIDTH
    while len(found := page_picture(pdf, page, width)) > MOST:
        width -= 20
    return found


def _page_with(pdf: bytes, caption: str) -> int:
    """The page on which a figure stands."""
    import pypdfium2  # not installed with the product

    for number, page in enumerate(pypdfium2.PdfDocument(pdf), 1):
        if caption[:_TELLING] in " ".join(page.get_textpage().get_text_range().split()):
            return number
    raise LookupError(caption)


_TELLING = 25  # letters of a caption: it may go on in another line


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
