"""All files of the site: pages in both languages, the style, the script, the index."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from salesdx.content import content
from salesdx.knowledge.answered import asked
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.grammar import Parser
from salesdx.language import LANGUAGES, Language, Text
from salesdx.selfcheck import minutes
from salesdx.workbench.graph import Graph, Node, neighbourhood, whole
from salesdx.workbench.graph_picture import around, overview
from salesdx.workbench.site.addresses import address
from salesdx.workbench.site.glossary import Term
from salesdx.workbench.site.grouping import groups, letters, rules
from salesdx.workbench.site.reader import Reader
from salesdx.workbench.site.searching import index_script
from salesdx.workbench.site.searching import rows as search_rows
from salesdx.workbench.site.uses import Uses, uses
from salesdx.workbench.site.words import FOLDER

# A page from a disk has no origin: `'self'` alone would forbid its own style there.
CSP = (
    "default-src 'none'; style-src 'self' file:; script-src 'self' file:;"
    " base-uri 'none'; form-action 'none'"
)
LISTS = ("causes", "remedies", "symptoms", "questionnaires", "metrics", "benchmarks",
         "claims", "worksheets", "glossary", "graph", "az")  # fmt: skip
File = tuple[str, bytes]


def build(
    knowledge: KnowledgeBase, terms: Sequence[Term] = (), home: str = ""
) -> Iterator[File]:
    """Every file of the site as path and content; equal knowledge, equal bytes.

    `home` is the address of the app that shows the site, to lead back there.
    """
    found = uses(knowledge)
    yield from _assets()
    yield "index.html", _page("choose", {"csp": CSP})
    for language in LANGUAGES:
        yield from _Site(knowledge, found, tuple(terms), language, home).files()


def _assets() -> Iterator[File]:
    reports = content("reports")
    style = [reports / "report.css", reports / FOLDER / "site.css"]
    yield "assets/site.css", b"".join(p.read_bytes() for p in style)
    yield "assets/search.js", (reports / FOLDER / "search.js").read_bytes()


@dataclass(frozen=True)
class _Site:
    """The pages of one language."""

    knowledge: KnowledgeBase
    uses: Uses
    terms: tuple[Term, ...]
    language: Language
    home: str = ""

    def files(self) -> Iterator[File]:
        """The index, the lists, then one page an entry."""
        top = Reader(self.knowledge, self.language, "")
        entries = list(search_rows(top, self.terms))
        index = f"assets/index-{self.language}.js"
        yield index, index_script(entries, top)
        areas = groups(self.knowledge, "causes", top)
        yield self._file("home", "index.html", top, areas=areas)
        for name in LISTS:
            if name != "glossary" or self.terms:
                more = self._of_list(name, top, entries)
                yield self._file(name, f"{name}.html", top, **more)
        below = Reader(self.knowledge, self.language, "../")
        yield from self._entries(below)

    def _of_list(self, name: str, r: Reader, entries: list[Any]) -> dict[str, Any]:
        if name == "graph":
            title = Text(en=r.t("graph.title"), ru=r.t("graph.title"))
            svg = overview(
                whole(self.knowledge), self.language, title, "causes", _linked(r)
            )
            return {"picture": Markup(svg)}
        if name == "az":
            return {"letters": letters(entries, self.language)}
        return {"groups": groups(self.knowledge, name, r)}

    def _entries(self, r: Reader) -> Iterator[File]:
        k = self.knowledge
        for i, cause in k.causes.items():
            graph = neighbourhood(k, i)
            yield self._entry(
                "cause", i, r, cause=cause, spec=cause.spec, rules=rules(cause),
                picture=self._picture(graph, r),
                feeds=[_split(k, n) for n in self.uses.feeds[i]],
            )  # fmt: skip
        for i, symptom in k.symptoms.items():
            yield self._entry("symptom", i, r, symptom=symptom, spec=symptom.spec)
        for i, remedy in k.remedies.items():
            claims = k.claims_of(remedy)
            done = k.in_place.get(i)
            yield self._entry("remedy", i, r, spec=remedy, claims=claims, done=done)
        for i, question in k.questions.items():
            yield self._entry(
                "question", i, r, spec=question, problem=_problem(k, i),
            )  # fmt: skip
        for i, metric in k.metrics.items():
            yield self._entry("metric", i, r, spec=metric, asked=asked(metric))
        for i, one in k.questionnaires.items():
            yield self._entry("questionnaire", i, r, spec=one)
        for i, form in k.forms.items():
            long = minutes(form, k)
            yield self._entry("form", i, r, spec=form, minutes=long)

    def _picture(self, graph: Graph, r: Reader) -> Markup | None:
        if not graph.edges:
            return None
        return Markup(around(graph, self.language, "near", _linked(r)))

    def _entry(self, kind: str, name: str, r: Reader, **more: Any) -> File:
        return self._file(kind, address(kind, name), r, id=name, **more)

    def _file(self, template: str, path: str, r: Reader, **more: Any) -> File:
        other = LANGUAGES[1 - LANGUAGES.index(self.language)]
        context = {
            "r": r, "t": r.t, "kb": self.knowledge, "uses": self.uses, "csp": CSP,
            "root": f"../{r.up}", "terms": self.terms, "other": other,
            "switch": f"../{r.up}{other}/{path}", "page": template, "home": self.home,
        }  # fmt: skip
        return f"{self.language}/{path}", _page(template, context | more)


def _linked(r: Reader) -> Any:
    def link(node: Node) -> str:
        return r.href(node.kind, node.id)

    return link


def _split(knowledge: KnowledgeBase, name: str) -> tuple[str, str]:
    return ("metric" if name in knowledge.metrics else "question"), name


def _problem(knowledge: KnowledgeBase, name: str) -> Any:
    """The answer that is a problem, as a condition."""
    problem = knowledge.questions[name].problem
    if problem is None:
        return None
    entry = knowledge.entries["questions"][name]
    return Parser(knowledge.vocabulary, entry.document).parse({name: problem.when}, ())


def _page(template: str, context: dict[str, Any]) -> bytes:
    return _templates().get_template(f"{template}.html.j2").render(context).encode()


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(content("reports") / FOLDER), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, cache_size=100,
    )  # fmt: skip
