"""The theme of the DOCX: the fonts and colours that its editor offers."""

from xml.sax.saxutils import quoteattr

from salesdx.render.word_styles import Dress

_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_LINE = f'<a:ln w="9525">{_FILL}<a:prstDash val="solid"/></a:ln>'
_EFFECT = "<a:effectStyle><a:effectLst/></a:effectStyle>"


def theme(dress: Dress) -> str:
    """theme1.xml: our colours as accents, the fonts as those of headings and text."""
    colours = {
        "dk1": dress.ink, "lt1": "FFFFFF", "dk2": dress.head, "lt2": dress.soft,
        "accent1": dress.bar, "accent2": dress.warn, "accent3": dress.mute,
        "accent4": dress.rule, "accent5": dress.head, "accent6": dress.ink,
        "hlink": dress.bar, "folHlink": dress.mute,
    }  # fmt: skip
    scheme = "".join(
        f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>'
        for name, colour in colours.items()
    )
    return (
        f'<a:theme {_A} name="salesdx"><a:themeElements>'
        f'<a:clrScheme name="salesdx">{scheme}</a:clrScheme>'
        f'<a:fontScheme name="salesdx">{_fonts("major", dress.heading_font)}'
        f"{_fonts('minor', dress.font)}</a:fontScheme>"
        f'<a:fmtScheme name="salesdx"><a:fillStyleLst>{_FILL * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{_LINE * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{_EFFECT * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    )


def _fonts(kind: str, name: str) -> str:
    return (
        f"<a:{kind}Font><a:latin typeface={quoteattr(name)}/>"
        f'<a:ea typeface=""/><a:cs typeface=""/></a:{kind}Font>'
    )
