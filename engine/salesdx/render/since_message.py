"""What changed since last time, as page one says it: a message, not a tally."""

from collections.abc import Iterable, Sequence

from salesdx.compare import Comparison, sentence
from salesdx.compare.model import CauseChange
from salesdx.compare.sections import main_figures
from salesdx.render.words import Words
from salesdx.result import ResultDocument

_NAMED = 2
_STOOD = ("likely", "possible")
_NO_MESSAGE = {"company", "same"}  # notes after which changes cannot be told


def message(document: ResultDocument, words: Words, since: Comparison) -> str:
    """Which causes are gone and which are new, what moved, what is early to judge."""
    notes = {n.id for n in since.notes}
    if notes & _NO_MESSAGE:
        return words.text(sentence(since))
    t = words.t
    told = [_causes(words, since), *_figures(document, words, since)]
    done = since.totals.progress.get("done", 0)
    if done:
        told.append(t("since.say.done", n=t.count("n.actions", done)))
    told += [t(f"since.say.{note}") for note in ("early", "order") if note in notes]
    lead = t("since.say", day=words.iso(since.then.as_of))
    return " ".join([lead, *(part for part in told if part)])


def _causes(words: Words, since: Comparison) -> str:
    """Of how many causes how many are gone; a cause stands while any slice has it.

    What cannot be compared is neither gone nor new.
    """
    t = words.t
    unsure = {c.id for c in since.causes if c.state == "not_comparable"}
    known = [c for c in since.causes if c.id not in unsure]
    then = _titles(words, (c for c in known if _stood(c, "then")))
    now = _titles(words, (c for c in known if _stood(c, "now")))
    gone = [title for title in then if title not in now]
    new = [title for title in now if title not in then]
    if not then and not now:
        return ""
    firmer = [
        title
        for title in _likely(words, since, "now")
        if title in then and title not in _likely(words, since, "then")
    ]
    said = [t("since.say.firmer", names=_named(words, firmer))] if firmer else []
    if not gone and not new:
        return " ".join([t("since.say.same-causes"), *said])
    parts = []
    if then:
        counts = {"n": str(len(gone)), "of": str(len(then))}
        key = "none-gone" if not gone else "all-gone" if gone == then else "gone"
        parts.append(t(f"since.say.{key}", **counts, names=_named(words, gone)))
    if new:
        parts.append(t("since.say.new", names=_named(words, new)))
    return " ".join([*parts, *said])


def _likely(words: Words, since: Comparison, side: str) -> list[str]:
    seen = [(c, c.then if side == "then" else c.now) for c in since.causes]
    return _titles(words, (c for c, s in seen if s and s.verdict == "likely"))


def _figures(
    document: ResultDocument, words: Words, since: Comparison
) -> Iterable[str]:
    """The main figures that moved beyond chance."""
    rows = main_figures(since, document)
    for state in ("better", "worse"):
        titles = list(dict.fromkeys(
            words.text(m.title) for m in rows if m.state == state and not m.early
        ))  # fmt: skip
        if titles:
            yield words.t(f"since.say.{state}", names=_named(words, titles, 1))


def _stood(row: CauseChange, side: str) -> bool:
    seen = row.then if side == "then" else row.now
    return seen is not None and seen.verdict in _STOOD


def _titles(words: Words, rows: Iterable[CauseChange]) -> list[str]:
    return list(dict.fromkeys(words.text(row.title) for row in rows))


def _named(words: Words, titles: Sequence[str], most: int = _NAMED) -> str:
    """A title or two: page one has room for what matters most."""
    shown = ", ".join(words.t("quote", text=title) for title in titles[:most])
    rest = len(titles) - most
    return shown if rest <= 0 else f"{shown} {words.t('card.more', n=str(rest))}"
