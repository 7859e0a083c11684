"""Page one: what is common, where the money is, whom to look at, what is not known."""

from salesdx.portfolio.model import Cause, Listed, Money, PortfolioDocument
from salesdx.render.portfolio.blocks import reasons
from salesdx.render.portfolio.companies import sum_of
from salesdx.render.portfolio.unknown import gaps
from salesdx.render.portfolio.words import Words
from salesdx.render.report import Item, Key, PageOne

_MOST = 3
_FEW = 30  # examined companies: a share of fewer has no place in a headline


def page_one(document: PortfolioDocument, words: Words) -> PageOne:
    """The answer by itself."""
    t = words.t
    common = [c for c in document.causes if c.likely][:_MOST]
    share = words.percent(document.marks.examined)
    return PageOne(
        verdict=_verdict(document, words),
        keys=_keys(document, words),
        findings_title=t("findings.title"),
        findings=[_finding(c, document, words) for c in common],
        actions_title=t("actions.title"),
        actions=[_action(x, words) for x in document.first[:_MOST]],
        enough_title=t("enough.title"),
        enough=_short(document, words),
        foot=words.said("foot", share=share),
    )


def _verdict(document: PortfolioDocument, words: Words) -> str:
    first = next((c for c in document.causes if c.likely), None)
    if first is None:
        return words.t("verdict.none")
    values = {"cause": words.quoted(words.cause(first.id)),
              "n": words.count("in-companies", first.likely)}  # fmt: skip
    key = "verdict.common"
    if first.examined >= _FEW:
        key, values["share"] = f"{key}.share", words.percent(first.share)
    parts = [words.said(key, **values)]
    if document.remedies and document.remedies[0].companies > 1:
        remedy = document.remedies[0]
        parts.append(words.said(
            "verdict.remedy", remedy=words.quoted(words.remedy(remedy.id)),
            n=words.count("in-companies", remedy.companies),
        ))  # fmt: skip
    parts += _money(document, words)
    return " ".join(parts)


def _money(document: PortfolioDocument, words: Words) -> list[str]:
    money = document.money[0] if document.money else None
    if money is None or not money.half or money.known < _MOST:
        return []
    if 2 * money.half > money.known:
        return []  # spread evenly: that half of it lies with half of them is no news
    if money.half == 1:
        top = next((x for x in document.lists if x.why == "most-money"), None)
        if top is None:
            return []
        total = words.money(money.total, money.currency)
        name = words.company(top.rows[0].company)
        return [words.said("verdict.money.one", amount=total, company=name)]
    return [words.said(
        "verdict.money", amount=words.money(money.total / 2, money.currency),
        n=words.count("companies", money.half), all=words.number(money.known),
    )]  # fmt: skip


def _keys(document: PortfolioDocument, words: Words) -> list[Key]:
    t, size, found = words.t, document.size, list[Key]()
    if document.money:
        found.append(_loss(document.money, words))
    values = {"n": words.number(size.ill), "all": words.number(size.companies)}
    part = words.percent(size.ill / size.companies if size.companies else None)
    ill = t("key.ill.value", **values)
    found.append(Key(t("key.ill"), ill, t("key.ill.note", share=part)))
    seen = size.coverage
    if seen.median is not None and seen.low is not None and seen.high is not None:
        low, high = words.percent(seen.low), words.percent(seen.high)
        span = low if low == high else t("range", low=low, high=high)
        note = t("key.coverage.note", span=span)
        found.append(Key(t("key.coverage"), words.percent(seen.median), note))
    return found


def _loss(moneys: list[Money], words: Words) -> Key:
    first = moneys[0]
    note = words.t(
        "key.loss.note", n=words.count("to-companies", first.known),
        all=words.number(first.companies),
    )  # fmt: skip
    if len(moneys) > 1:
        others = ", ".join(words.sums(moneys[1 : 1 + _MOST]))
        note = words.t("key.loss.also", note=note, others=others)
    total = words.money(first.total, first.currency)
    return Key(words.t("key.loss"), total, note)


def _finding(cause: Cause, document: PortfolioDocument, words: Words) -> Item:
    values = {
        "n": words.count("in-companies", cause.likely),
        "examined": words.number(cause.examined),
        "share": words.percent(cause.share), "span": words.span(cause.interval),
    }  # fmt: skip
    few = cause.examined < document.marks.group_least
    meta = words.said("finding.meta.few" if few else "finding.meta", **values)
    told = []
    if cause.money:
        main = max(cause.money, key=lambda a: (a.companies, a.currency or ""))
        whole = main.companies == cause.strongest
        told.append(words.said(
            "finding.money" if whole else "finding.money.some",
            n=words.count("in-companies", cause.strongest),
            known=words.number(main.companies),
            amount=words.money(main.amount, main.currency),
        ))  # fmt: skip
    served = {r.id: r.companies for r in document.remedies}
    known = [r for r in cause.remedies if r in served]
    if known:
        best = max(known, key=lambda r: (served[r], -known.index(r)))
        told.append(words.said("finding.remedy", remedy=words.lowered(best)))
    return Item(words.cause(cause.id), meta, " ".join(told))


def _action(listed: Listed, words: Words) -> Item:
    company = listed.company
    meta = [words.group(company.group)] if company.group else []
    if company.loss is not None:
        meta.append(sum_of(company, words))
    meta.append(words.t("seen", share=words.percent(company.coverage)))
    return Item(words.company(company), " · ".join(meta), f"{reasons(listed, words)}.")


def _short(document: PortfolioDocument, words: Words) -> list[str]:
    """What else page one must say: one programme, who is unlike, what is not known."""
    lines, last = list[str](), document.programme[-1] if document.programme else None
    if last and len(document.programme) > 1:
        lines.append(words.said(
            "short.programme", n=words.count("actions", len(document.programme)),
            reached=words.number(last.reached),
            companies=words.count("in-companies", last.reached),
            ill=words.number(document.size.ill),
        ))  # fmt: skip
    for found in document.groups.differences[:1]:
        lines.append(words.said(
            "short.difference", group=words.group(found.group),
            cause=words.quoted(words.cause(found.cause)),
            share=words.percent(found.share), elsewhere=words.percent(found.elsewhere),
        ))  # fmt: skip
    far = next((x for x in document.lists if x.why == "above-group"), None)
    if far:
        n = words.count("in-companies", far.companies)
        lines.append(words.said("short.far", n=n))
    gap = " ".join(gaps(document, words))
    return [*lines, gap] if gap else lines
