"""The cause map: roots on the left, what they produce to the right."""

from salesdx.render.charts.svg import WIDTH, Drawing
from salesdx.render.report import Column, Table
from salesdx.render.words import Words
from salesdx.result import CauseRow

_BOX, _HIGH, _GAP, _MOST = 186.0, 52.0, 14.0, 15


def draw(causes: list[CauseRow], words: Words) -> Drawing | None:
    """Likely causes have a full border, possible ones a dashed one; None: no edges."""
    found: dict[str, CauseRow] = {}
    for cause in causes:
        if cause.verdict in {"likely", "possible"}:
            found.setdefault(cause.id, cause)
    nodes = dict(list(found.items())[:_MOST])
    edges = [
        (c.id, to, kind)
        for c in nodes.values()
        for kind, targets in (("leads", c.leads_to), ("aggravates", c.aggravates))
        for to in targets
        if to in nodes and to != c.id
    ]
    if not edges:
        return None
    linked = {end for a, b, _ in edges for end in (a, b)}
    nodes = {k: v for k, v in nodes.items() if k in linked}
    layers = _layers(list(nodes), [(a, b) for a, b, _ in edges])
    return _picture(nodes, edges, layers, words)


def left_out(causes: list[CauseRow]) -> int:
    """How many causes have no room on the map: those of least weight."""
    found = {c.id for c in causes if c.verdict in {"likely", "possible"}}
    return max(0, len(found) - _MOST)


def twin(causes: list[CauseRow], words: Words) -> Table:
    """The arrows as rows: which cause, what it does, to which one."""
    t, rows = words.t, []
    named = {
        c.id: words.text(c.title) for c in causes if c.verdict in {"likely", "possible"}
    }
    for cause in causes:
        for kind, targets in (
            ("leads", cause.leads_to),
            ("aggravates", cause.aggravates),
        ):
            rows += [
                [named[cause.id], t(f"causemap.{kind}"), named[to]]
                for to in targets
                if cause.id in named and to in named and to != cause.id
            ]
    columns = [
        Column(t("col.cause"), 6, strong=True), Column("", 3),
        Column(t("causemap.effect"), 6),
    ]  # fmt: skip
    return Table(columns, [list(r) for r in dict.fromkeys(map(tuple, rows))])


def _layers(nodes: list[str], edges: list[tuple[str, str]]) -> dict[str, int]:
    """Longest path from a root, at most 2: three columns; rings do not loop."""
    layer = dict.fromkeys(nodes, 0)
    for _ in range(2):
        for start, end in edges:
            if layer[end] <= layer[start] < 2:
                layer[end] = layer[start] + 1
    return layer


def _picture(
    nodes: dict[str, CauseRow],
    edges: list[tuple[str, str, str]],
    layer: dict[str, int],
    words: Words,
) -> Drawing:
    t = words.t
    columns = [[k for k in nodes if layer[k] == i] for i in range(3)]
    columns = [c for c in columns if c]
    tall = max(len(c) for c in columns)
    height = tall * (_HIGH + _GAP) + 46
    said = "; ".join(
        f"{words.text(nodes[a].title)} → {words.text(nodes[b].title)}"
        for a, b, _ in edges
    )
    picture = Drawing("causes", t("causemap.title"), said, height)
    columns = _untangled(columns, edges)
    back = any(layer[b] <= layer[a] == max(layer.values()) for a, b, _ in edges)
    right = 26.0 if back else 2.0  # an arrow back leaves by the right side
    spread = (WIDTH - _BOX - 2 - right) / max(len(columns) - 1, 1)
    place: dict[str, tuple[float, float]] = {}
    for i, column in enumerate(columns):
        top = (height - 46 - len(column) * (_HIGH + _GAP)) / 2
        for j, key in enumerate(column):
            place[key] = (2 + i * spread, top + j * (_HIGH + _GAP) + 12)
    middle = [y for k, (_, y) in place.items() if layer[k] == 1]
    lanes = (min(middle, default=0.0) - 8, max(middle, default=0.0) + _HIGH + 8)
    for start, end, kind in edges:
        skips = layer[end] - layer[start] > 1
        _edge(picture, place[start], place[end], kind, lanes if skips else None)
    for key, (x, y) in place.items():
        _node(picture, nodes[key], x, y, words)
    picture.line([(4, height - 10), (34, height - 10)], "ink", 1.4, "", True)
    picture.text(40, height - 6, t("causemap.leads"), 11, fill="mute")
    picture.line([(230, height - 10), (260, height - 10)], "mute", 1.4, "4 3", True)
    picture.text(266, height - 6, t("causemap.aggravates"), 11, fill="mute")
    picture.rect(456, height - 17, 22, 12, "paper", "mute", "4 3")
    picture.text(484, height - 6, t("causemap.possible"), 11, fill="mute")
    return picture


def _untangled(
    columns: list[list[str]], edges: list[tuple[str, str, str]]
) -> list[list[str]]:
    """Each column in the order of what leads to it: fewer arrows cross."""
    place = {key: i / len(c) for c in columns for i, key in enumerate(c)}
    found = columns[:1]
    for column in columns[1:]:
        came = {k: [place[a] for a, b, _ in edges if b == k] for k in column}
        middle = {k: sum(v) / len(v) if v else 1.0 for k, v in came.items()}
        rank = {k: (middle[k], place[k]) for k in column}
        ordered = sorted(column, key=rank.__getitem__)
        place |= {key: i / len(ordered) for i, key in enumerate(ordered)}
        found.append(ordered)
    return found


def _node(picture: Drawing, cause: CauseRow, x: float, y: float, words: Words) -> None:
    sure = cause.verdict == "likely"
    fill = "soft" if sure else "paper"
    picture.rect(x, y, _BOX, _HIGH, fill, "ink" if sure else "mute",
                 "" if sure else "4 3")  # fmt: skip
    picture.label(x + 10, y + _HIGH / 2, words.text(cause.title), _BOX - 18, 11, 3)


def _edge(
    picture: Drawing,
    a: tuple[float, float],
    b: tuple[float, float],
    kind: str,
    lanes: tuple[float, float] | None = None,
) -> None:
    """An arrow; one that skips a column goes around its boxes by the nearer lane."""
    y1, y2 = a[1] + _HIGH / 2, b[1] + _HIGH / 2
    if b[0] > a[0]:
        x1, x2 = a[0] + _BOX, b[0] - 1
        bend = (x2 - x1) / 2
        path = f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f}"
        if lanes:
            lane = min(lanes, key=lambda y: abs(y - y1))
            left, right = (WIDTH - _BOX) / 2 - 6, (WIDTH + _BOX) / 2 + 6
            path = (
                f"M{x1:.1f} {y1:.1f}C{x1 + 30:.1f} {y1:.1f} {left - 30:.1f} {lane:.1f}"
                f" {left:.1f} {lane:.1f}H{right:.1f}"
                f"C{right + 30:.1f} {lane:.1f} {x2 - 30:.1f} {y2:.1f}"
            )
    else:  # back or within a column: around the right side
        x1, x2 = a[0] + _BOX, b[0] + _BOX + 1
        path = f"M{x1:.1f} {y1:.1f}C{x1 + 26:.1f} {y1:.1f} {x2 + 26:.1f} {y2:.1f}"
    dashed = kind == "aggravates"
    stroke = "mute" if dashed else "ink"
    picture.path(f"{path} {x2:.1f} {y2:.1f}", stroke, 1.4, "4 3" * dashed, True)
