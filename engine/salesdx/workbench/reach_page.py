"""The page that says which causes can become likely, and from what.

`python -m salesdx.workbench.reach_page docs` writes it in both languages.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from salesdx.explanation.wording import Wording, answered, both, form
from salesdx.facts import Fact
from salesdx.inference.points import LIKELY
from salesdx.inference.possible import TEXTS
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.language import Language, Text
from salesdx.workbench.reach import SIDES, Reach, reach
from salesdx.workbench.reach_climbing import Attempt

PAGES: dict[Language, str] = {"en": "reach.md", "ru": "ru/reach.md"}
_INTRO = Text(
    en="""# What can be found, and from what

Each cause was tried: is there something that a company could answer, or that its data could show, under which salesdx says *likely*?
The proof is a witness: a few answers and figures under which the rules really say so, with their gates, groups, rivals and the harm that has to be
there. Answers are valid ones to questions that apply; figures only those that tables give. Every figure is chosen by itself.
A *no* says how far the best try came. What one side alone cannot show, both together may. From nothing, nothing is ever likely.

This page is made from the knowledge base; do not edit it by hand. `salesdx kb coverage --reach` prints the same, `salesdx kb coverage CAUSE` every witness.
""",  # noqa: E501
    ru="""# Что можно найти и по каким сведениям

Каждую причину проверили: бывает ли так, чтобы по ответам компании или по её данным salesdx сказал «вероятно»?
Доказательство — пример: несколько ответов и показателей, при которых правила и правда приходят к этому выводу, со всеми обязательными
условиями, группами, похожими причинами и вредом, который должен быть виден. Ответы взяты допустимые и только на вопросы, которые задают;
показатели — только те, что считаются по таблицам. Каждый показатель выбран сам по себе.
«Нет» говорит, докуда дошла лучшая попытка. Что не видно с одной стороны, бывает видно с двух. Из ничего вероятных причин не получается.

Страница собрана из базы знаний; руками её не правят. То же печатает `salesdx kb coverage --reach`, а все примеры — `salesdx kb coverage ПРИЧИНА`.
""",  # noqa: E501
)
_TEXTS = (
    Text(en="only platitudes", ru="одни общие слова"),
    Text(en="something specific", ru="есть конкретика"),
)
_COLUMNS = Text(
    en="Cause|From answers|From data|From both|The shortest example",
    ru="Причина|По ответам|По данным|По тем и другим|Самый короткий пример",
)


def reach_page(found: Sequence[Reach], knowledge: KnowledgeBase, lang: Language) -> str:
    """The whole page as Markdown."""
    heads = _COLUMNS.in_(lang).split("|")
    rows = [heads, ["---"] * len(heads)]
    wording = Wording(knowledge, "")
    rows += [_row(r, wording, lang) for r in found]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"{_INTRO.in_(lang)}\n{counts(found).in_(lang)}\n\n{table}\n"


def counts(found: Sequence[Reach]) -> Text:
    """How many causes can be found from each side."""
    n = len(found)
    answers, data, together = (sum(r.attempts[s].found for r in found) for s in SIDES)
    alone = sum(r.attempts["answers"].found or r.attempts["data"].found for r in found)
    return both(
        f"Of {n} causes {answers} can become likely from answers alone, {data} from "
        f"data alone, {together} from both ({together - alone} of them only together)"
        f", 0 from neither.",
        f"Причин всего {n}. Стать вероятными могут: по одним ответам — {answers}, "
        f"по одним данным — {data}, по тем и другим — {together} (из них только "
        f"вместе — {together - alone}), без тех и других — 0.",
    )


def _row(row: Reach, wording: Wording, lang: Language) -> list[str]:
    spec, best = row.cause.spec, row.shortest
    cells = [f"{spec.title.in_(lang)} (`{spec.id}`)"]
    cells += [verdict(row.attempts[s]).in_(lang) for s in SIDES]
    cells.append(witness(best, wording).in_(lang) if best else "—")
    return [cell.replace("|", "\\|").replace("\n", " ") for cell in cells]


def verdict(attempt: Attempt) -> Text:
    """`yes`, or how far the best try came and what stood in the way."""
    if attempt.found:
        return both("yes", "да")
    n, because = attempt.points, attempt.because
    if n <= 0 and not attempt.shut:
        return both("no: nothing speaks for it", "нет: за неё ничто не говорит")
    if n < LIKELY and not attempt.shut:
        points = form(n, "балл", "балла", "баллов")
        return both(f"no: {n} points of {LIKELY}", f"нет: {n} {points} из {LIKELY}")
    lead = both("it takes", "нужно") if attempt.shut else both("held back", "мешает")
    en, ru = ("; ".join(b.in_(x) for b in because) for x in ("en", "ru"))
    return both(f"no, {lead.en}: {en}", f"нет, {lead.ru}: {ru}")


def brief(attempt: Attempt) -> Text:
    """The same for a narrow column."""
    if attempt.shut:
        return both("no: required conditions", "нет: обязательные условия")
    return verdict(attempt)


def witness(attempt: Attempt, wording: Wording) -> Text:
    """The facts of a witness in words."""
    told = [fact_words(f, wording) for f in attempt.facts]
    return both("; ".join(t.en for t in told), "; ".join(t.ru for t in told))


def fact_words(fact: Fact, wording: Wording) -> Text:
    """`title: value`, with the slice where it is of one."""
    if fact.name.startswith("gap:"):
        title = wording.knowledge.title(fact.name)
        state = "" if fact.value == "confirmed" else "not "
        ru = "подтверждено" if fact.value == "confirmed" else "не подтверждено"
        text = both(
            f"{title.en}: a gap is {state}confirmed", f"{title.ru}: отставание {ru}"
        )
    elif fact.value in TEXTS:
        said = _TEXTS[TEXTS.index(str(fact.value))]
        text = answered(wording.knowledge.title(fact.name), said)
    else:
        text = wording.said(fact)
    where = wording.where(fact.slice)
    if where is None:
        return text
    return both(f"{text.en} ({where.en})", f"{text.ru} ({where.ru})")


def write(folder: Path) -> None:
    """Write the page in both languages below a folder."""
    knowledge = load()
    found = reach(knowledge)
    for language, name in PAGES.items():
        page = folder / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(reach_page(found, knowledge, language), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
