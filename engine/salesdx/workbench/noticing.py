"""Which mutants the tests beside the rules notice, and what would tell the others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from salesdx.errors import Problem
from salesdx.knowledge.base import KnowledgeBase, ReadyCause
from salesdx.knowledge.conditions import Node, Outcome, evaluate
from salesdx.knowledge.models import RuleTest
from salesdx.knowledge.rules import opened
from salesdx.language import Language
from salesdx.workbench.given import Given
from salesdx.workbench.leaves import Kind, Site, sites
from salesdx.workbench.missing_tests import Suggested, Suggestion, as_test, chosen
from salesdx.workbench.mutants import CHANGES, Mutant, Mutation
from salesdx.workbench.solving_tests import Facts, TestFacts
from salesdx.workbench.testing import FIGURES, WANTED, broken, figures


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no test notices; `apart` are facts under which it differs.

    None where no such facts were found: the two may well mean the same.
    """

    site: Site
    mutant: Mutant
    place: Problem
    apart: Facts | None


@dataclass(slots=True)
class Noticed:
    """How many mutants were made and noticed, by change; and those that were not."""

    made: dict[str, int] = field(default_factory=dict)
    noticed: dict[str, int] = field(default_factory=dict)
    survivors: list[Survivor] = field(default_factory=list)

    @property
    def real(self) -> list[Survivor]:
        """Those that some facts tell from the rule: a test is missing."""
        return [s for s in self.survivors if s.apart is not None]

    @property
    def score(self) -> float:
        """Noticed, of those that can be told at all; 1 where there are none."""
        noticed = sum(self.noticed.values())
        total = noticed + len(self.real)
        return noticed / total if total else 1.0


def mutate(knowledge: KnowledgeBase, only: str | None = None) -> Noticed:
    """Change every condition of all causes, or of one with the symptoms it reads."""
    found = Noticed()
    facts, mutation = TestFacts(knowledge), Mutation(knowledge)

    @cache
    def bench(name: str) -> _Bench:
        return _Bench(knowledge, knowledge.causes[name])

    for cause in knowledge.causes.values():
        if only in (None, cause.id):
            for site in sites(cause):
                tried = [bench(cause.id)]
                _each(knowledge, site, tried, mutation, facts, found)
    read = _readers(knowledge)
    for symptom in knowledge.symptoms.values():
        readers = read.get(symptom.id, [])
        if only in (None, *readers):
            site = Site("symptom", symptom.id, "", symptom.node, ("if",))
            tried = [bench(i) for i in readers]
            _each(knowledge, site, tried, mutation, facts, found)
    return found


def _each(
    knowledge: KnowledgeBase, site: Site, benches: Sequence["_Bench"],
    mutation: Mutation, facts: TestFacts, found: Noticed,
) -> None:  # fmt: skip
    for mutant in mutation.of(site.node):
        found.made[mutant.change] = found.made.get(mutant.change, 0) + 1
        if any(bench.notices(site, mutant.node) for bench in benches):
            found.noticed[mutant.change] = found.noticed.get(mutant.change, 0) + 1
            continue
        model = None
        if site.kind != "symptom":
            model = (*knowledge.causes[site.owner].spec.applies_to, None)[0]
        ways = facts.apart(site.node, mutant.node, mutant.probes, model)
        entries = "symptoms" if site.kind == "symptom" else "causes"
        place = knowledge.problem(
            entries, site.owner, (*site.path, *mutant.path), "", ""
        )
        found.survivors.append(Survivor(site, mutant, place, next(ways, None)))


def _readers(knowledge: KnowledgeBase) -> Mapping[str, list[str]]:
    """Which causes read a symptom, also through others."""
    nodes = {i: s.node for i, s in knowledge.symptoms.items()}
    found: dict[str, list[str]] = {}
    for cause in knowledge.causes.values():
        names = {n for site in sites(cause) for n in opened(site.node, nodes)}
        for harm in cause.spec.explains:
            names |= {f"symptom:{harm}"} | opened(nodes[harm], nodes)
        for name in sorted(names):
            if name.startswith("symptom:"):
                found.setdefault(name.removeprefix("symptom:"), []).append(cause.id)
    return found


class _Bench:
    """The tests of one cause, evaluated once, and again with a changed condition."""

    def __init__(self, knowledge: KnowledgeBase, cause: ReadyCause) -> None:
        self.knowledge, self.cause = knowledge, cause
        self.runs = [_Run(knowledge, cause, t) for t in cause.spec.tests]

    def notices(self, site: Site, node: Node) -> bool:
        """Whether some test fails when a condition is another."""
        if site.kind == "symptom":
            changed = _with_symptom(self.knowledge, site.owner, node)
            return any(
                bool(broken(changed, self.cause, run.test))
                for run in self.runs
                if run.reads_otherwise(site.owner, node)
            )
        return any(run.notices(site, node) for run in self.runs)


class _Run:
    """One test as it stands."""

    def __init__(
        self, knowledge: KnowledgeBase, cause: ReadyCause, test: RuleTest
    ) -> None:
        self.cause, self.test = cause, test
        self.world = Given(knowledge, test.given)
        self.outcomes = {
            (r.direction, r.id): evaluate(r.node, self.world) for r in cause.rules
        }
        for node in (*cause.gate, *cause.unless, *cause.rules_out):
            evaluate(node, self.world)  # opens the symptoms they read
        for harm in cause.spec.explains:
            self.world.read(f"symptom:{harm}")
        asked = {k: getattr(test.expect, k) for k in FIGURES}
        self.asked = {k: v for k, v in asked.items() if v is not None}

    def reads_otherwise(self, symptom: str, node: Node) -> bool:
        """Whether the test computes a symptom, and it would come out another."""
        now = self.world.opened.get(symptom)
        return now is not None and not _alike(evaluate(node, self.world), now)

    def notices(self, site: Site, node: Node) -> bool:
        if site.kind == "rule":
            return self._of_rule(site, node)
        if not self.asked:
            return False
        nodes = list(getattr(self.cause, site.kind))
        nodes[int(site.part) - 1] = node
        changed = _with_check(self.cause, site.kind, tuple(nodes))
        return self._figures_differ(changed, self.outcomes)

    def _of_rule(self, site: Site, node: Node) -> bool:
        outcome = evaluate(node, self.world)
        key = (site.direction, site.part)
        if _alike(outcome, self.outcomes[key]):
            return False
        expect = self.test.expect
        for word, state in WANTED:
            if site.part in getattr(expect, word) and outcome.state is not state:
                return True
        if not self.asked:
            return False
        changed = {**self.outcomes, key: outcome}
        return self._figures_differ(self.cause, changed)

    def _figures_differ(
        self, cause: ReadyCause, outcomes: Mapping[tuple[str, str], Outcome]
    ) -> bool:
        now = figures(cause, self.world, outcomes)
        return any(now[k] != v for k, v in self.asked.items())


def _alike(one: Outcome, other: Outcome) -> bool:
    return one.state is other.state and one.confidence == other.confidence


def _with_check(cause: ReadyCause, kind: Kind, nodes: tuple[Node, ...]) -> ReadyCause:
    if kind == "gate":
        return replace(cause, gate=nodes)
    if kind == "unless":
        return replace(cause, unless=nodes)
    return replace(cause, rules_out=nodes)


def _with_symptom(knowledge: KnowledgeBase, name: str, node: Node) -> KnowledgeBase:
    ready = replace(knowledge.symptoms[name], node=node)
    return replace(knowledge, symptoms={**knowledge.symptoms, name: ready})


def noticing_tests(
    knowledge: KnowledgeBase, survivors: Iterable[Survivor], language: Language
) -> list[Suggestion]:
    """Tests that notice what no test notices so far; of rules, which have their own."""
    found: dict[str, list[Survivor]] = {}
    for row in survivors:
        if row.site.kind == "rule" and row.apart is not None:
            found.setdefault(row.site.owner, []).append(row)
    return [
        Suggestion(name, list(_of_cause(knowledge, name, rows, language)))
        for name, rows in found.items()
    ]


def _of_cause(
    knowledge: KnowledgeBase, name: str, rows: Sequence[Survivor], language: Language
) -> Iterator[Suggested]:
    cause = knowledge.causes[name]
    rules = {(r.direction, r.id): r for r in cause.rules}
    shows = []
    for row in rows:
        world = Given(knowledge, row.apart or {})
        told = [i for i, r in enumerate(rows) if _tells(r, world)]
        shows.append((row.apart or {}, told))
    for given, told in chosen(shows, set(range(len(rows)))):
        world = Given(knowledge, given)
        seen = sorted({(rows[i].site.direction, rows[i].site.part) for i in told})
        states = [(key[1], evaluate(rules[key].node, world).state) for key in seen]
        title = _title([rows[i] for i in told], language)
        test = as_test(knowledge, cause, given, states, language, title)
        if test is not None:
            yield test


def _title(told: Sequence[Survivor], language: Language) -> str:
    """`rule: threshold by a fifth`, by the first change that the test notices."""
    first = told[0]
    more = f" +{len(told) - 1}" if len(told) > 1 else ""
    change = CHANGES[first.mutant.change].in_(language)
    return f"{first.site.part} — {change}{more}"


def _tells(row: Survivor, world: Given) -> bool:
    mine = evaluate(row.site.node, world).state
    return evaluate(row.mutant.node, world).state is not mine
