"""What the templates ask for: titles, links, conditions, sources, in one language."""

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup, escape

from salesdx.citation import cited
from salesdx.explanation.phrases import condition
from salesdx.explanation.wording import PLACES, Wording, form, measured
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Asked, Group, Leaf, Node, leaves
from salesdx.knowledge.models import Source
from salesdx.language import Language, Text, number, quoted
from salesdx.tables import need_title
from salesdx.workbench.site.addresses import address, named
from salesdx.workbench.site.words import Words

_HOLE = "[\u2026]"


class Reader:
    """One language, one depth: `up` leads from a page to the folder of its language."""

    def __init__(self, knowledge: KnowledgeBase, language: Language, up: str) -> None:
        self.knowledge, self.language, self.up = knowledge, language, up
        self.t = Words(language)
        self.wording = Wording(knowledge, "")
        self._titles = _titles(knowledge)

    def say(self, text: Text | None) -> str:
        """A text of the knowledge; placeholders of figures are dots."""
        return "" if text is None else text.fill(self._value).in_(self.language)

    def _value(self, name: str, language: Language) -> str:
        if name in self.knowledge.benchmarks:
            return self.threshold(name, language)
        return _HOLE

    def filled(self, text: Text) -> Markup:
        """A text whose placeholders are links to what will stand there."""
        parts: list[str] = []

        def value(name: str, _: Language) -> str:
            parts.append(name)
            return f"\0{len(parts) - 1}\0"

        said = text.fill(value)  # both languages: the holes of one are not used
        return Markup("").join(
            self._hole(parts[int(piece)]) if i % 2 else escape(piece)
            for i, piece in enumerate(said.in_(self.language).split("\0"))
        )

    def _hole(self, name: str) -> Markup:
        if name in self.knowledge.benchmarks:
            words = self.threshold(name, self.language)
            return self.a("benchmark", name, words)
        if name == "slice":
            return Markup('<span class="hole">{}</span>').format(_HOLE)
        kind, entry = named(name, self.knowledge.metrics)
        title = self.title(kind, entry)
        link = Markup('<a class="hole" href="{}" title="{}" aria-label="{}">{}</a>')
        return link.format(self.href(kind, entry), title, title, _HOLE)

    def href(self, kind: str, name: str) -> str:
        """The address of an entry from this page."""
        return self.up + address(kind, name)

    def title(self, kind: str, name: str) -> str:
        """The title of an entry."""
        return self.say(self._titles[kind][name])

    def a(self, kind: str, name: str, words: str = "") -> Markup:
        """A link to an entry, by its title or in other words."""
        told = words or self.title(kind, name)
        return Markup('<a href="{}">{}</a>').format(self.href(kind, name), told)

    def name(self, name: str) -> Markup:
        """A link to what a name of a condition stands for."""
        return self.a(*named(name, self.knowledge.metrics))

    def condition(self, node: Node, wanted: bool = True) -> Markup:
        """A condition as a sentence, or as a list of sentences under their heading."""
        if not isinstance(node, Group):
            return self._sentence(node, wanted)
        if node.kind == "not":
            return self.condition(node.parts[0], not wanted)
        size = len(node.parts)
        n = {"all": size, "any": 1}.get(node.kind, node.n)
        n = n if wanted else size - n + 1
        if size == 1:
            return self.condition(node.parts[0], wanted)
        head = (
            self.t("if.all") if n == size else self.t("if.any") if n == 1
            else self.t("if.some", n=n, size=size)
        )  # fmt: skip
        rows = (Markup("<li>{}</li>").format(self.condition(p, wanted))
                for p in node.parts)  # fmt: skip
        return Markup('{}<ul class="if">{}</ul>').format(head, Markup("").join(rows))

    def _sentence(self, node: Leaf | Asked, wanted: bool) -> Markup:
        """The words of the explanation, with the name and the thresholds as links."""
        told = condition(node, self.wording, wanted=wanted).in_(self.language)
        told = told.replace("\u00a4", "")
        kind, entry = named(node.name, self.knowledge.metrics)
        title = self.title(kind, entry).rstrip("\u2026.:")
        spots = [(title, kind, entry)]
        spots.append((quoted(title, self.language)[1:-1], kind, entry))
        for leaf in leaves(node):
            spots += [
                (self.threshold(mark, self.language), "benchmark", mark)
                for mark in leaf.comparison.thresholds
            ]
        return self._linked(told, spots)

    def _linked(self, told: str, spots: Iterable[tuple[str, str, str]]) -> Markup:
        """The first place of every spot as a link; spots never overlap."""
        found, rest, seen = Markup(""), told, set()
        for words, kind, name in spots:
            before, hit, after = rest.partition(words)
            if not hit or (kind, name) in seen:
                continue
            seen.add((kind, name))
            link = self.a(kind, name, words)
            found += escape(before) + link
            rest = after
        return found + escape(rest)

    def threshold(self, name: str, language: Language) -> str:
        """The shipped value of a benchmark with its unit."""
        mark = self.knowledge.benchmarks[name]
        return self.measured(mark.value, mark.unit, language)

    def measured(
        self, value: float, unit: str, language: Language | None = None
    ) -> str:
        """A quantity; money has no currency here."""
        lang = language or self.language
        if unit == "money":
            return number(value, lang)
        return measured(value, unit, lang, "")

    def source(self, source: Source) -> str:
        """Where it comes from, in one line."""
        return "; ".join(cited(source.model_dump(exclude_none=True), self.language))

    def roles(self, ids: Iterable[str]) -> str:
        """Who answers or acts."""
        return ", ".join(self.say(self.knowledge.roles[i].title) for i in ids)

    def role(self, name: str) -> str:
        """Who acts."""
        return self.roles([name])

    def place(self, dimension: str) -> str:
        """What a verdict is given for: manager, segment and so on."""
        return PLACES[dimension].in_(self.language)

    def cuts(self, grain: Iterable[str]) -> str:
        """How a figure is cut."""
        return ", ".join(
            self.t("period") if g == "period" else self.place(g) for g in grain
        )

    def needs(self, names: Iterable[str]) -> str:
        """Which tables and columns a figure is made of."""
        return ", ".join(need_title(n).in_(self.language) for n in names)

    def written(self, kind: str, name: str) -> str:
        """File and line of an entry."""
        entry = self.knowledge.entries[kind][name]
        return f"{entry.file}:{entry.document.place(entry.path)[0]}"

    def many(self, n: int, key: str) -> str:
        """A number with its word: `words` are the forms of the label, bar by bar."""
        forms = self.t(key).split("|")
        if self.language == "ru":
            return f"{n}\u00a0{form(n, *forms)}"
        return f"{n}\u00a0{forms[0 if n == 1 else 1]}"

    def mine(self, words: Iterable[str]) -> str:
        """Words of a list that mixes both languages: those of this one."""
        ours = self.language == "ru"
        cyrillic = {w: any("\u0400" <= c <= "\u04ff" for c in w) for w in words}
        return ", ".join(w for w in cyrillic if cyrillic[w] is ours)

    def kind_title(self, kind: str) -> str:
        """A kind of cause with a capital letter."""
        word = self.t.kind(kind)
        return word[:1].upper() + word[1:]


def _titles(knowledge: KnowledgeBase) -> dict[str, dict[str, Text]]:
    k: Any = knowledge
    plain = {
        "remedy": k.remedies, "metric": k.metrics, "question": k.questions,
        "questionnaire": k.questionnaires, "form": k.forms, "benchmark": k.benchmarks,
    }  # fmt: skip
    ready = {"cause": k.causes, "symptom": k.symptoms, "worksheet": k.worksheets}
    found = {
        kind: {i: e.title for i, e in rows.items()} for kind, rows in plain.items()
    }
    found |= {
        kind: {i: e.spec.title for i, e in rows.items()} for kind, rows in ready.items()
    }
    found["claim"] = {i: c.text for i, c in k.claims.items()}
    return found
