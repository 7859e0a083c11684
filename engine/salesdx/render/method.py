"""Method in plain words: how figures and verdicts come about."""

from salesdx.render.report import Block, Bullets, Pairs, Para, Section
from salesdx.render.words import Words
from salesdx.result import ResultDocument

_PRINCIPLES = ("maturity", "interval", "states", "money", "weight", "unknown", "claims")
_PLAIN = ("owner", "team")  # readers who are spared codes and weights


def method(document: ResultDocument, words: Words) -> Section:
    """How the figures and verdicts come about, and with which versions."""
    t = words.t
    names = [f"{n}-plain" if words.reader in _PLAIN and n == "weight" else n
             for n in _PRINCIPLES]  # fmt: skip
    knowledge = document.knowledge
    blocks: list[Block] = [
        Bullets([t(f"method.{name}") for name in names]),
        Pairs(_versions(document, words)),
    ]
    if knowledge.tuned:
        blocks += [Para(t("method.tuned")), Bullets(_tuned(document, words))]
    return Section("method", t("method.title"), blocks)


def _versions(document: ResultDocument, words: Words) -> list[tuple[str, str]]:
    """What spoke: its version in words, and for its keeper its mark."""
    t, knowledge = words.t, document.knowledge
    engine = f"salesdx {document.engine.version}"
    pack = t("method.pack-plain", version=knowledge.version)
    if words.reader not in _PLAIN:
        engine += f" ({document.engine.executor})"
        pack = f"{knowledge.pack} {knowledge.version} ({knowledge.hash[:12]})"
        for layer in knowledge.layers:
            pack += " + " + " ".join(filter(None, (layer.id, layer.version)))
    return [(t("method.knowledge"), pack), (t("method.engine"), engine)]


def _tuned(document: ResultDocument, words: Words) -> list[str]:
    """What was not judged as shipped, and why."""
    lines = []
    for row in document.knowledge.tuned:
        why = f". {words.text(row.why)}" if row.why else ""
        lines.append(f"{words.text(row.text)}{why} ({row.layer})")
    return lines
