"""kb lint: what is legal YAML and still wrong, each with a code and a place."""

from collections.abc import Iterator, Sequence, Set
from pathlib import Path

from salesdx.answers.relevance import conditions
from salesdx.errors import Problem, Said, in_language
from salesdx.facts import DIMENSIONS
from salesdx.inference.limits import check
from salesdx.inference.points import LIKELY, SINGLE_CAP, Item, total
from salesdx.inference.program import compile_rules
from salesdx.knowledge.answered import asked, scale
from salesdx.knowledge.base import KnowledgeBase, ReadyCause
from salesdx.knowledge.conditions import names
from salesdx.knowledge.load import load_all
from salesdx.knowledge.models import MetricEntry
from salesdx.workbench.reach import unreachable
from salesdx.workbench.testing import run
from salesdx.workbench.unwritten import unwritten
from salesdx.workbench.worksheets import lint_worksheets

_UNREACHABLE = "unreachable-cause"
_SAY_WHY = Said("say why under `unused`", "объясните зачем в поле `unused`")


def lint(overlays: Sequence[Path] = (), folder: Path | None = None) -> list[Problem]:
    """Load everything and judge it; all problems at once, sorted by place."""
    knowledge, problems = load_all(overlays, folder=folder)
    if problems:
        return problems
    found: list[Problem] = []
    used = _used(knowledge)
    for cause in knowledge.causes.values():
        found += _cause(knowledge, cause)
    for remedy in knowledge.remedies:
        if remedy not in used["remedies"]:
            found.append(_note("unused-remedy", Said(
                f"no cause names remedy {remedy!r}",
                f"ни одна причина не назначает меру «{remedy}»",
            )))  # fmt: skip
    for question in knowledge.questions.values():
        if question.id not in used["names"] and question.unused is None:
            found.append(_note(
                "question-asked-by-no-rule",
                _unread("вопрос", question.id), _SAY_WHY,
            ))  # fmt: skip
    for metric in knowledge.metrics.values():
        if metric.id not in used["names"] and metric.unused is None:
            said = _unread("показатель", metric.id)
            found.append(_note("unused-metric", said, _SAY_WHY))
        found += _metric(knowledge, metric, metric.id in used["rules"])
    found += [*_claims(knowledge), *_forms(knowledge)]
    for dimension in ("", *DIMENSIONS):
        found += [
            _note("engine-limit", p) for p in check(compile_rules(knowledge, dimension))
        ]
    found += lint_worksheets(knowledge)
    found += [problem for _, problem in unwritten(knowledge)]
    told = {p.file for p in found if p.code == _UNREACHABLE}
    found += _unreachable(knowledge, told)
    report = run(knowledge)
    found += [
        knowledge.problem(
            "causes",
            f.cause,
            ("tests",),
            "failing-test",
            Said(f"{f.test}: {f.message}", f"{f.test}: {in_language(f.message, 'ru')}"),
        )
        for f in report.failures
    ]
    found += [
        knowledge.problem("causes", u.split("/")[0], ("tests",), "missing-test", u)
        for u in report.untested
    ]
    return sorted(set(found))


def _claims(knowledge: KnowledgeBase) -> Iterator[Problem]:
    """Claims that nobody would ever see; and a share that belongs to no mistake."""
    of_remedies = [c for r in knowledge.remedies.values() for c in r.claims]
    named = {c for c in of_remedies if isinstance(c, str)}
    for claim in knowledge.claims.values():
        if claim.id not in named and claim.share is None and claim.unused is None:
            yield _note("unused-claim", Said(
                f"no remedy names claim {claim.id!r}",
                f"ни одна мера не называет заявление «{claim.id}»",
            ), _SAY_WHY)  # fmt: skip
        if claim.share is not None and not claim.causes:
            yield _note("share-of-nothing", Said(
                f"claim {claim.id!r} has a share of revenue and no causes",
                f"у заявления «{claim.id}» есть доля выручки, но нет причин",
            ), Said(
                "name the mistakes that it speaks of (`causes`)",
                "назовите ошибки, о которых оно говорит (`causes`)",
            ))  # fmt: skip


def _forms(knowledge: KnowledgeBase) -> Iterator[Problem]:
    """Questions that a form cannot ask, asks twice, or that never count in it."""
    for form in knowledge.forms.values():
        entry = knowledge.entries["forms"][form.id]
        asked = [knowledge.questions[i] for i in form.questions]
        sliced = [q.id for q in asked if q.about]
        twice = sorted({q.id for q in asked if form.questions.count(q.id) > 1})
        for name in sliced:
            yield entry.problem((), "form-question-per-slice", Said(
                f"form {form.id!r} asks {name!r}, which is asked about a slice",
                f"форма «{form.id}» задаёт «{name}», а его задают по каждому срезу",
            ))  # fmt: skip
        for name in twice:
            yield entry.problem((), "form-question-twice", Said(
                f"form {form.id!r} asks {name!r} twice",
                f"форма «{form.id}» задаёт «{name}» дважды",
            ))  # fmt: skip
        judged = [q for q in asked if q.problem]
        if form.bands[-1].problems > len(judged):
            yield entry.problem((), "form-band-unreachable", Said(
                f"form {form.id!r} has {len(judged)} questions that can be a problem",
                f"в форме «{form.id}» проблемой могут стать только {len(judged)}",
            ))  # fmt: skip


def _unreachable(knowledge: KnowledgeBase, told: Set[str]) -> Iterator[Problem]:
    """Causes with points enough on paper that no facts are found to make likely."""
    rest = [i for i, e in knowledge.entries["causes"].items() if e.file not in told]
    for attempt in unreachable(knowledge, rest):
        en, ru = ("; ".join(b.in_(x) for b in attempt.because) for x in ("en", "ru"))
        yield knowledge.problem(
            "causes", attempt.cause, ("evidence",), _UNREACHABLE,
            Said(
                f"no answers and figures were found that make {attempt.cause} likely: "
                f"{en}",
                f"не нашлось ответов и показателей, при которых {attempt.cause} "
                f"становится вероятной: {ru}",
            ),
        )  # fmt: skip


def _unread(kind: str, name: str) -> Said:
    return Said(f"no rule reads {name!r}", f"{kind} «{name}» не читает ни одно правило")


def _note(code: str, message: str, hint: str = "") -> Problem:
    return Problem("knowledge_base", 0, 0, code, message, hint)


def _metric(
    knowledge: KnowledgeBase, metric: MetricEntry, read: bool
) -> Iterator[Problem]:
    """Where a figure comes from: tables, or answers in its unit."""
    questions = [knowledge.questions[i] for i in asked(metric)]
    if not metric.needs and not questions:
        yield _note("metric-without-source", Said(
            f"nothing supplies {metric.id!r}",
            f"показатель «{metric.id}» не из чего взять",
        ), Said(
            "name the tables (`needs`) or the question (`question`)",
            "назовите таблицы (`needs`) или вопрос (`question`)",
        ))  # fmt: skip
    if metric.yes_of:
        unfit = [q.id for q in questions if q.type != "yesno"]
    else:
        unfit = [q.id for q in questions if scale(q, metric) is None]
    for name in unfit:
        yield _note("question-does-not-fit", Said(
            f"an answer to {name!r} is no figure in {metric.unit} for {metric.id!r}",
            f"ответ на «{name}» не переводится в единицу {metric.unit} показателя "
            f"«{metric.id}»",
        ))  # fmt: skip
    if read and questions and not metric.needs:
        yield _note("rule-reads-said-figure", Said(
            f"a rule reads {metric.id!r}, which only an answer gives",
            f"правило читает «{metric.id}», а это лишь пересказ ответа",
        ), Said(
            f"read the answer: {', '.join(q.id for q in questions)}",
            f"читайте сам ответ: {', '.join(q.id for q in questions)}",
        ))  # fmt: skip


def _cause(knowledge: KnowledgeBase, cause: ReadyCause) -> Iterator[Problem]:
    def fault(code: str, message: str, hint: str = "") -> Problem:
        return knowledge.problem("causes", cause.id, ("id",), code, message, hint)

    best = total(
        Item(r.id, r.direction, r.points, r.points, r.group, r.single, True)
        for r in cause.rules
        if r.direction == "for"
    )
    if best.points < LIKELY:
        yield fault(
            _UNREACHABLE,
            Said(
                f"{cause.id} reaches {best.points} points at most",
                f"{cause.id} набирает самое большее {best.points} баллов",
            ),
            Said(
                f"likely is {LIKELY}; single answers add {SINGLE_CAP} together",
                f"«вероятно» — от {LIKELY}; одиночные ответы вместе дают не больше "
                f"{SINGLE_CAP}",
            ),
        )  # fmt: skip
    if not cause.spec.remedies:
        yield fault("cause-without-remedy", Said(
            f"{cause.id} names no remedy", f"у причины {cause.id} нет ни одной меры",
        ))  # fmt: skip
    if not cause.spec.tests:
        yield fault("missing-test", Said(
            f"{cause.id} has no tests", f"у причины {cause.id} нет испытаний",
        ))  # fmt: skip
    if cause.spec.kind == "people" and not cause.gate:
        yield fault("people-without-gate", Said(
            f"{cause.id} blames people without a gate",
            f"{cause.id} обвиняет людей, а защитных условий (`gate`) нет",
        ))  # fmt: skip
    if cause.spec.for_each == "manager":
        yield from _blame(knowledge, cause)


def _blame(knowledge: KnowledgeBase, cause: ReadyCause) -> Iterator[Problem]:
    """Answers without a person never blame one."""
    for rule in cause.rules:
        if rule.direction != "for":
            continue
        for name in names(rule.node):
            question = knowledge.questions.get(name)
            if question is not None and question.about not in ("manager", "finding"):
                yield knowledge.problem(
                    "causes", cause.id, (*rule.path, "if"), "blame-without-person",
                    Said(
                        f"{cause.id}/{rule.id} blames a manager by {name!r}",
                        f"{cause.id}/{rule.id} обвиняет менеджера по ответу «{name}», "
                        "который не о нём",
                    ),
                    Said(
                        "ask it with `about: manager`",
                        "задайте вопрос о каждом менеджере: `about: manager`",
                    ),
                )  # fmt: skip


def _used(knowledge: KnowledgeBase) -> dict[str, set[str]]:
    """Names that rules, gates, symptoms, remedies and relevance read."""
    read: set[str] = set()
    for cause in knowledge.causes.values():
        nodes = [r.node for r in cause.rules]
        for node in (*nodes, *cause.gate, *cause.unless, *cause.rules_out):
            read.update(names(node))
        read.update(cause.spec.needs)
    for symptom in knowledge.symptoms.values():
        read.update(names(symptom.node))
    for node in (*knowledge.in_place.values(), *conditions(knowledge).values()):
        read.update(names(node))
    rules = set(read)
    for metric in knowledge.metrics.values():
        read.update(asked(metric))
    for remedy in knowledge.remedies.values():
        if remedy.kpi:
            read.add(remedy.kpi.metric)
    for question in knowledge.questions.values():
        if question.metric:
            read.add(question.metric)
    read |= {n.partition(":")[2] for n in read if n.startswith("gap:")}
    remedies = {r for c in knowledge.causes.values() for r in c.spec.remedies}
    for entry in knowledge.remedies.values():
        if entry.blocked_while:
            remedies.add(entry.id)
        remedies.update(entry.needs_first)
    return {"names": read, "rules": rules, "remedies": remedies}
