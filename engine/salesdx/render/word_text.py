"""WordprocessingML by hand: runs, paragraphs, links; the order is that of the schema.

Word refuses a file whose properties stand in another order than its schema has; other
programs forgive it. So each order is written down once, here and in the styles.
"""

from xml.sax.saxutils import escape

NAMESPACES = " ".join(
    f'xmlns:{name}="{uri}"'
    for name, uri in (
        ("w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
        ("r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
        ("wp", "http://schemas.openxmlformats.org/drawingml/2006/"
               "wordprocessingDrawing"),
        ("a", "http://schemas.openxmlformats.org/drawingml/2006/main"),
        ("pic", "http://schemas.openxmlformats.org/drawingml/2006/picture"),
    )
)  # fmt: skip
TWIPS = 56.693  # in a millimetre
BREAK = "<w:r><w:br/></w:r>"


def words(text: str) -> str:
    """The inside of a run: line ends and tabs are elements of their own."""
    parts = []
    for i, line in enumerate(text.split("\n")):
        parts += ["<w:br/>"] if i else []
        for j, piece in enumerate(line.split("\t")):
            parts += ["<w:tab/>"] if j else []
            if piece:
                parts.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>')
    return "".join(parts)


def run(text: str, style: str = "", bold: bool = False, slanted: bool = False) -> str:
    """Words in one dress; `style` is the id of a character style."""
    dress = f'<w:rStyle w:val="{style}"/>' if style else ""
    dress += "<w:b/>" if bold else ""
    dress += "<w:i/>" if slanted else ""
    return f"<w:r>{f'<w:rPr>{dress}</w:rPr>' if dress else ''}{words(text)}</w:r>"


def paragraph(
    style: str, runs: str, *, keep: bool = False, number: tuple[int, int] | None = None,
    right: bool = False, page: bool = False,
) -> str:  # fmt: skip
    """A paragraph; `keep` holds it with the next, `number` is (list, level).

    `page` begins a new one.
    """
    shape = f'<w:pStyle w:val="{style}"/>'
    shape += "<w:keepNext/>" if keep else ""
    shape += "<w:pageBreakBefore/>" if page else ""
    if number:
        shape += (
            f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/>'
            "</w:numPr>"
        )
    shape += '<w:jc w:val="right"/>' if right else ""
    return f"<w:p><w:pPr>{shape}</w:pPr>{runs}</w:p>"


def line(style: str, text: str, keep: bool = False) -> str:
    """A paragraph of plain words."""
    return paragraph(style, run(text) if text else "", keep=keep)


def marked(text: str, number: int, name: str) -> str:
    """Words that the table of contents leads to."""
    return (
        f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{run(text)}'
        f'<w:bookmarkEnd w:id="{number}"/>'
    )


def field(code: str, shown: str) -> str:
    """A field with what it shows until the program counts anew."""
    return (
        f"{field_begins(code)}<w:r>{words(shown)}</w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def field_begins(code: str) -> str:
    """All of a field before what it shows."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
