"""Method in plain words: how figures and verdicts come about."""

from salesdx.render.report import Block, Bullets, Pairs, Para, Section
from salesdx.render.words import Words
from salesdx.result import ResultDocument

_PRINCIPLES = ("maturity", "interval", "states", "money", "weight", "unknown", "claims")


def method(document: ResultDocument, words: Words) -> Section:
    """How the figures and verdicts come about, and with which versions."""
    t = words.t
    rules = [t(f"method.{name}") for name in _PRINCIPLES]
    knowledge = document.knowledge
    pack = f"{knowledge.pack} {knowledge.version} ({knowledge.hash[:12]})"
    for layer in knowledge.layers:
        pack += " + " + " ".join(filter(None, (layer.id, layer.version)))
    pairs = [
        (t("method.knowledge"), pack),
        (t("method.engine"), f"salesdx {document.engine.version}"
                             f" ({document.engine.executor})"),
    ]  # fmt: skip
    blocks: list[Block] = [Bullets(rules), Pairs(pairs)]
    if knowledge.tuned:
        blocks += [Para(t("method.tuned")), Bullets(_tuned(document, words))]
    return Section("method", t("method.title"), blocks)


def _tuned(document: ResultDocument, words: Words) -> list[str]:
    """What was not judged as shipped, and why."""
    lines = []
    for row in document.knowledge.tuned:
        why = f". {words.text(row.why)}" if row.why else ""
        lines.append(f"{words.text(row.text)}{why} ({row.layer})")
    return lines
