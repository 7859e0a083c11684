"""Page one without a confirmed loss: what was found in order, and what next.

Growth is a question to the team, not a figure: nothing here is promised.
"""

from salesdx.render.report import Item
from salesdx.render.words import Words
from salesdx.result import ResultDocument

_NAMED = 3


def sound(document: ResultDocument, words: Words) -> list[Item]:
    """What was examined and found in order, each with how much it was."""
    t, items = words.t, list[Item]()
    if document.fine:
        titles = [t("quote", text=words.text(f.title)) for f in document.fine]
        text = t("sound.signs.text", names=", ".join(titles[:_NAMED]))
        meta = t("sound.signs.meta", n=words.number(len(titles), 0))
        items.append(Item(t("sound.signs"), meta, text))
    compared = sum(x.state == "noise" for x in document.losses)
    if compared and all(x.state != "confirmed" for x in document.losses):
        meta = t("sound.slices.meta", n=words.number(compared, 0))
        items.append(Item(t("sound.slices"), meta, t("sound.slices.text")))
    judged = sum(s.judged for s in document.subjects)
    good = sum(len(s.in_order) for s in document.subjects)
    if good:
        share = {"n": words.number(good, 0), "of": words.number(judged, 0)}
        meta = t("sound.answers.meta", **share)
        items.append(Item(t("sound.answers"), meta, t("sound.answers.text")))
    return items


def keep(words: Words) -> list[Item]:
    """How to hold on to it, and where growth may come from."""
    return [
        Item(words.t(f"keep.{name}"), words.t(f"keep.{name}.meta"),
             words.t(f"keep.{name}.text"))
        for name in ("watch", "growth")
    ]  # fmt: skip
