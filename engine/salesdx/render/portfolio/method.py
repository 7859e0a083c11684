"""How it was counted: definitions, tests, sources."""

from salesdx.portfolio.model import PortfolioDocument
from salesdx.render.portfolio.words import Words
from salesdx.render.report import Bullets, Section


def section(document: PortfolioDocument, words: Words) -> Section:
    """The chapter."""
    t, marks, known = words.t, document.marks, document.knowledge
    least = words.number(marks.group_least)
    lines = [
        t("method.states"),
        words.said("method.share", share=words.percent(marks.examined)),
    ]
    if document.money:
        lines.append(t("method.money"))
    if document.groups.comparisons:
        lines.append(words.said(
            "method.groups", least=least,
            n=words.count("in-pairs", document.groups.comparisons),
            rate=words.percent(marks.false_discoveries),
            difference=words.points(marks.difference_least),
        ))  # fmt: skip
    if document.money:
        far = words.number(marks.far, 1)
        lines.append(words.said("method.far", far=far, least=least))
    lines += [
        t("method.ties"),
        t("method.knowledge", pack=known.pack, version=known.version,
          hash=known.hash.removeprefix("sha256:")[:12]),
    ]  # fmt: skip
    return Section("method", t("method.title"), [Bullets(lines)])
