"""The states of a cause as fills, the same in all charts, with their legend."""

from collections.abc import Sequence

from salesdx.portfolio.model import State
from salesdx.render.charts.svg import SMALL, Drawing, text_width
from salesdx.render.portfolio.words import Words

# fill, stroke, dash: filled, hatched, pale, an outline
FILLS: dict[State, tuple[str, str, str]] = {
    "likely": ("warn", "", ""),
    "possible": ("hatch", "mute", ""),
    "not_likely": ("soft", "", ""),
    "unknown": ("paper", "line", "3 3"),
}
LEGEND = 26.0


def legend(picture: Drawing, words: Words, states: Sequence[State]) -> None:
    """What the fills mean, in one line at the foot."""
    x, y = 4.0, picture.height - 7
    for state in states:
        label = words.t(f"state.{state}")
        picture.rect(x, y - 11, 20, 13, *FILLS[state])
        picture.text(x + 26, y, label, SMALL, fill="mute")
        x += 26 + text_width(label, SMALL) + 16
