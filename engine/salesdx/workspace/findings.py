"""The causes as a consultant looks through them: by verdict, one line a cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salesdx.analysis import Analysis
from salesdx.language import Language
from salesdx.render.charts import cause_map
from salesdx.render.words import Words
from salesdx.result import CauseRow, Verdict
from salesdx.workspace.once import once, told

VERDICTS: tuple[Verdict, ...] = (
    "likely", "possible", "open", "unlikely", "ruled_out", "cannot_judge",
)  # fmt: skip
COMPANY = "company"  # the choice of rows about the whole company
_CUT = 4  # other slices named in a line


@dataclass(frozen=True, slots=True)
class CauseLine:
    """A cause in the list: its strongest row, and where else it was judged so."""

    row: CauseRow
    place: str
    where: str
    also: Sequence[str]
    more: int
    for_: int
    against: int

    @property
    def silent(self) -> bool:
        """Whether nothing at all speaks of it yet."""
        return not (self.for_ or self.against)


@dataclass(frozen=True, slots=True)
class CauseList:
    """Lines by verdict, and what may be chosen: kinds and slices with their titles."""

    groups: Mapping[Verdict, Sequence[CauseLine]]
    kinds: Sequence[tuple[str, str]]
    places: Sequence[tuple[str, str]]
    count: int


def cause_list(
    found: Analysis, lang: Language, kind: str = "", place: str = ""
) -> CauseList:
    """All causes, or those of a kind or a slice (`manager:M7`, `company`)."""
    it = told(found, lang)
    rows = [
        c for c in it.document.causes
        if kind in ("", c.kind) and place in ("", place_of(c.slice))
    ]  # fmt: skip
    by_cause: dict[str, list[CauseRow]] = {}
    for row in rows:  # they are ordered: the strongest comes first
        by_cause.setdefault(row.id, []).append(row)
    groups: dict[Verdict, list[CauseLine]] = {v: [] for v in VERDICTS}
    for same in by_cause.values():
        groups[same[0].verdict].append(_line(same, it.words))
    kinds, places = once(found, ("choices", lang), lambda: _choices(it.words, found))
    return CauseList({v: g for v, g in groups.items() if g}, kinds, places,
                     len(by_cause))  # fmt: skip


def _line(rows: Sequence[CauseRow], words: Words) -> CauseLine:
    first, alike = rows[0], [r for r in rows[1:] if r.verdict == rows[0].verdict]
    sides = [e.direction for e in first.evidence]
    return CauseLine(
        first, place_of(first.slice), words.where(first.slice) if first.slice else "",
        [words.slice_name(r.slice) for r in alike[:_CUT]], max(0, len(alike) - _CUT),
        sides.count("for"), sides.count("against"),
    )  # fmt: skip


def _choices(
    words: Words, found: Analysis
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    causes = found.document.causes
    kinds = {c.kind: words.t.code("kind", c.kind) for c in causes}
    places = {place_of(c.slice): words.where(c.slice) for c in causes}
    return (
        sorted(kinds.items(), key=lambda k: k[1]),
        sorted(places.items(), key=lambda p: (p[0] != COMPANY, p[1])),
    )


def place_of(where: Mapping[str, str]) -> str:
    """A slice as it stands in an address: `manager:M7`; `company` for the whole."""
    return ",".join(f"{d}:{v}" for d, v in sorted(where.items())) or COMPANY


def map_around(found: Analysis, lang: Language, cause: str = "") -> str:
    """The map of all causes, or of one with its roots and consequences; an SVG."""

    def draw() -> str:
        it = told(found, lang)
        causes = it.document.causes
        if cause:
            near = {cause}
            for c in causes:
                to = {*c.leads_to, *c.aggravates}
                if c.id == cause:
                    near |= to
                elif cause in to:
                    near.add(c.id)
            causes = [c for c in causes if c.id in near]
        drawing = cause_map.draw(causes, it.words)
        return drawing.svg() if drawing else ""

    return once(found, ("map", lang, cause), draw)
