"""Colours by role: complete, readable, in light and in dark.

One colour of the house is enough: what is not given is ours, or mixed from `bar`.
Contrast is that of WCAG 2: text needs 4.5, bars and edges need 3.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

TEXT, SHAPE = 4.5, 3.0
WHITE, BLACK = "#ffffff", "#000000"
ROLES = ("ink", "mute", "head", "link", "bar", "warn", "line", "soft", "paper")
# `ground` lies under marks of charts, `soft` under notes: a look gives both as `soft`
LIGHT = {
    "ink": "#1d2433", "mute": "#5b6475", "head": "#1d2433", "link": "#1f5680",
    "bar": "#2f6690", "warn": "#a8402c", "line": "#c5ccd6", "soft": "#f3f6f9",
    "ground": "#e4eaf1", "paper": WHITE,
}  # fmt: skip
DARK = {
    "ink": "#e8ebf0", "mute": "#a3acba", "head": "#e8ebf0", "link": "#8fc1e8",
    "bar": "#6ea6d0", "warn": "#e08a74", "line": "#384150", "soft": "#1e2530",
    "ground": "#2c3644", "paper": "#151a22",
}  # fmt: skip
_WORDS = ("ink", "mute", "head", "link", "warn")
_GROUNDS = ("paper", "soft", "ground")
_STEPS = 50


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    )
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, into: str, share: float) -> str:
    """A share of one colour in another."""
    pairs = [(int(colour[i : i + 2], 16), int(into[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def readable(colour: str, grounds: list[str], towards: str, least: float) -> str:
    """The colour, moved towards black or white until it can be read everywhere."""
    for step in range(_STEPS + 1):
        found = mixed(towards, colour, step / _STEPS)
        if all(contrast(found, g) >= least for g in grounds):
            return found
    return towards


def on(ground: str) -> str:
    """White or black, whichever is read better on a ground."""
    return max((WHITE, BLACK), key=lambda c: contrast(c, ground))


def light(given: Mapping[str, str]) -> dict[str, str]:
    """All roles on paper."""
    found = {**LIGHT, **given}
    bar = given.get("bar")
    if "soft" in given:
        found["ground"] = given["soft"]
    found["head"] = given.get("head", found["ink"])
    if bar and "soft" not in given:
        found["soft"] = _tint(found, (0.06, 0.05, 0.04, 0.03))
        found["ground"] = _tint(found, (0.13, 0.11, 0.09, 0.07, 0.05, 0.03))
    if bar and "link" not in given:
        grounds = [found[g] for g in _GROUNDS]
        found["link"] = readable(bar, grounds, BLACK, TEXT)
    return found


def _tint(colours: Mapping[str, str], shares: Sequence[float]) -> str:
    """Paper with a breath of `bar`: the strongest on which every text is read."""
    tints = [mixed(colours["bar"], colours["paper"], share) for share in shares]
    words = [colours[role] for role in ("ink", "mute", "head", "warn")]
    fine = (t for t in tints if all(contrast(w, t) >= TEXT for w in words))
    return next(fine, tints[-1])


def dark(given: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """All roles on a dark screen: `own` as they are, those of paper made lighter."""
    found = {**DARK, **own}
    if "soft" in own:
        found["ground"] = own["soft"]
    grounds = [found[g] for g in _GROUNDS]
    for role in ("bar", "warn", "head", "link"):
        if role in given and role not in own:
            found[role] = readable(given[role], grounds, WHITE, TEXT)
    if "bar" in given and not {"link"} & (given.keys() | own.keys()):
        found["link"] = readable(given["bar"], grounds, WHITE, TEXT)
    if "head" not in given.keys() | own.keys():
        found["head"] = found["ink"]
    return found


@dataclass(frozen=True, slots=True)
class Faint:
    """A role that cannot be read on a ground, and what would do instead."""

    role: str
    ground: str  # a role, or `white`
    contrast: float
    least: float
    instead: str


def faint(colours: Mapping[str, str], screen: bool) -> Iterator[Faint]:
    """What cannot be read, each role on its worst ground.

    Word and printers put everything on white; a dark `screen` never does.
    """
    named = {g: colours[g] for g in _GROUNDS} | ({} if screen else {"white": WHITE})
    for role in (*_WORDS, "bar"):
        least = SHAPE if role == "bar" else TEXT
        grounds = named if role != "bar" else {
            g: c for g, c in named.items() if g in ("paper", "white")
        }  # fmt: skip
        worst = min(grounds, key=lambda g: contrast(colours[role], grounds[g]))
        measured = contrast(colours[role], grounds[worst])
        if measured >= least:
            continue
        towards = WHITE if screen else BLACK
        instead = readable(colours[role], list(grounds.values()), towards, least)
        if all(contrast(instead, g) >= least for g in grounds.values()):
            yield Faint(role, worst, measured, least, instead)
        else:
            yield Faint(role, worst, measured, least, "")
