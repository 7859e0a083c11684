"""The findings: one card a cause; the others in a few lines; the map of causes."""

from collections import Counter

from salesdx.render.card import card
from salesdx.render.charts import cause_map
from salesdx.render.evidence import signed
from salesdx.render.map_pages import figure
from salesdx.render.page_one import top_causes
from salesdx.render.report import Block, Bullets, Group, Para, Section
from salesdx.render.words import Words
from salesdx.result import CauseRow, ResultDocument

_CARDS, _LISTED = 10, 40
_UNDECIDED = {"open", "cannot_judge"}
_FOUND = {"likely", "possible"}
_ORDER = ("likely", "possible", "open", "unlikely", "ruled_out", "cannot_judge")


def findings(document: ResultDocument, words: Words, sources: bool) -> Section:
    """Cards for likely and possible causes, a few lines for all others."""
    t = words.t
    groups: dict[str, list[CauseRow]] = {}
    for cause in document.causes:
        if cause.verdict in _FOUND:
            groups.setdefault(cause.id, []).append(cause)
    lead = "findings.lead" if groups else "findings.none"
    blocks: list[Block] = [Para(t(lead))] if document.causes else []
    # page one comes first here too: who turns the page finds what he looks for
    top = [c.id for c in top_causes(document)]
    order = [i for i in top if i in groups] + [i for i in groups if i not in top]
    cards, most = [groups[i] for i in order], _CARDS if sources else _CARDS // 2
    likely = sum(rows[0].verdict == "likely" for rows in cards)
    if not sources and likely:  # a suspicion beside proven causes gets a line
        cards.sort(key=lambda rows: rows[0].verdict != "likely")
        most = min(most, likely)
    blocks += [card(rows, document, words, sources) for rows in cards[:most]]
    left = [c for rows in cards[most:] for c in rows]
    rest = left + [c for c in document.causes if c.verdict not in _FOUND]
    others = _weighed(rest, words) if sources else _short(rest, words)
    return Section("findings", t("findings.title"), blocks + others)


def cause_section(document: ResultDocument, words: Words) -> Section:
    """Root to consequence."""
    drawing = cause_map.draw(document.causes, words)
    blocks: list[Block] = []
    if drawing:
        twin = cause_map.twin(document.causes, words)
        blocks = [figure(drawing, words.t("causemap.caption"), twin)]
        more = cause_map.left_out(document.causes)
        if more:
            blocks.append(Para(words.t("causemap.more", n=str(more)), "muted"))
    return Section("causes", words.t("causemap.title"), blocks)


def _short(rest: list[CauseRow], words: Words) -> list[Block]:
    """Other causes of the company in two lines: still possible, and laid aside.

    Causes sought in one person stay out: nobody is named for what was not found.
    """
    whole = [c for c in rest if not c.slice and c.kind != "people"]
    lines = []
    told = {"likely": {"likely"}, "possible": {"possible"},
            "aside": {"unlikely", "ruled_out"}}  # fmt: skip
    for key, verdicts in told.items():
        names = [words.text(c.title) for c in whole if c.verdict in verdicts]
        if names:
            lines.append(words.t(f"findings.{key}", names="; ".join(names)))
    return [Group(words.t("findings.rest"), [Bullets(lines)])] if lines else []


def _weighed(rest: list[CauseRow], words: Words) -> list[Block]:
    """Other causes by verdict, each with its points; then what has no evidence."""
    t = words.t
    cleared = [c for c in rest if c.slice and c.evidence and c.points <= 0]
    weighed = [c for c in rest if c not in cleared
               and (c.evidence or c.verdict not in _UNDECIDED)]  # fmt: skip
    lines = []
    for verdict in _ORDER:
        names = "; ".join(
            _brief(c, words) for c in weighed[:_LISTED] if c.verdict == verdict
        )
        if names:
            lines.append(t(f"findings.by.{verdict}", names=names))
    if cleared:
        # one line a cause: a table of names would read as a list of suspects
        count = Counter(words.text(c.title) for c in cleared)
        names = "; ".join(f"{title} ({n})" for title, n in count.items())
        lines.append(t("findings.cleared", names=names))
    silent = dict.fromkeys(
        words.text(c.title) for c in rest if c not in weighed and c not in cleared
    )
    if silent:
        lines.append(t("findings.silent", names="; ".join(silent)))
    if not lines:
        return []
    blocks: list[Block] = [Bullets(lines)]
    if len(weighed) > _LISTED:
        more = t("findings.more", n=str(len(weighed) - _LISTED))
        blocks.append(Para(more, "muted"))
    return [Group(t("findings.rest"), blocks)]


def _brief(cause: CauseRow, words: Words) -> str:
    where = f", {words.where(cause.slice)}" if cause.slice else ""
    return f"{words.text(cause.title)}{where} ({signed(cause.points)})"
