"""The text of `kb impact`: first the sums, then each case that changed, and why."""

from collections import Counter
from collections.abc import Iterator, Sequence

from salesdx.errors import SalesdxError
from salesdx.explanation.wording import VERDICTS, both, form, joined
from salesdx.language import Language, Text
from salesdx.result import Verdict
from salesdx.workbench import impact_words as say
from salesdx.workbench.difference_words import Words
from salesdx.workbench.differences import Edit
from salesdx.workbench.impact_report import (
    Action,
    CaseImpact,
    Impact,
    Named,
    Row,
    Share,
)

_LISTED = 40  # edits that no case tests
_FEW = 4  # questions, figures and the like that are named in the text


class Page:
    """The report in one language; `points` shows mere point moves too."""

    def __init__(self, told: Impact, language: Language, points: bool = False) -> None:
        self.told, self.language, self.points = told, language, points
        self.ru = language == "ru"
        self.words = Words(told.old.knowledge(), told.new.knowledge())
        self.edits = {e.id: e for e in told.edits}

    def lines(self) -> Iterator[str]:
        """The whole report."""
        yield f"{self.told.old.name} → {self.told.new.name}"
        yield from self._sums()
        yield from self._by_edit()
        yield from self._by_cause()
        shown = self.told.changed + (self.told.moved if self.points else [])
        for case in sorted(shown, key=lambda c: c.case.split("/")):
            yield ""
            yield from self._case(case)
        yield from self._untested()
        yield from self._faulty()

    def _sums(self) -> Iterator[str]:
        told = self.told
        n, changed, moved = len(told.cases), len(told.changed), len(told.moved)
        verdicts = sum(len(c.turned) for c in told.cases)
        faulty = len(told.faulty)
        parts = [both(
            f"{_n(n, 'case')} replayed: {changed} changed ({_n(verdicts, 'verdict')})",
            f"Проиграно разборов — {n}: выводы изменились в {changed} "
            f"({_ru(verdicts, 'вывод вывода выводов')})",
        )]  # fmt: skip
        if moved:
            parts.append(both(f"{moved} only in points or questions",
                              f"только баллы или вопросы — в {moved}"))  # fmt: skip
        parts.append(both(f"{n - changed - moved} not at all",
                          f"без изменений — {n - changed - moved}"))  # fmt: skip
        if faulty:
            parts.append(both(f"{faulty} could not be replayed",
                              f"не удалось проиграть ещё {faulty}"))  # fmt: skip
        yield self._in(joined(parts, ", ", ", ")) + "."
        yield self._in(joined(list(self._edits()), ", ", ", ")) + "."

    def _edits(self) -> Iterator[Text]:
        """How many edits there are, and how many of them any case shows."""
        working = self.told.working
        tested = sum(not self.told.share_of(e.id).nothing for e in working)
        idle, texts = len(working) - tested, len(self.told.edits) - len(working)
        if working:
            yield both(
                f"{_n(len(working), 'edit')} can change something: {tested} did",
                f"Правок, которые могут что-то изменить, — {len(working)}: "
                f"проявились {tested}",
            )
        else:
            yield both("No edit can change a conclusion",
                       "Ни одна правка не может изменить вывод")  # fmt: skip
        if idle:
            yield both(f"{idle} no stored case tests",
                       f"не проверены ни одним разбором {idle}")  # fmt: skip
        if texts:
            yield both(f"{texts} more of texts and of what is shown",
                       f"ещё {texts} — в текстах и том, что видно")  # fmt: skip

    def _by_edit(self) -> Iterator[str]:
        shares = [(e, self.told.share_of(e.id)) for e in self.told.working]
        shares = [(e, s) for e, s in shares if not s.nothing]
        shares.sort(key=lambda x: (-x[1].verdicts, -x[1].actions, -x[1].points))
        if shares:
            yield ""
            yield self._in(both("What each edit did:", "Что сделала каждая правка:"))
        for edit, share in shares:
            head = self._in(self.words.headline(edit))
            did = "; ".join(self._in(p) for p in _did(share))
            yield f"  {head} — {did}"

    def _by_cause(self) -> Iterator[str]:
        rows = [r for c in self.told.cases for r in c.turned]
        if not rows:
            return
        yield ""
        yield self._in(both("What became of the causes:", "Что стало с причинами:"))
        titles = {r.cause: r.title for r in rows}
        sums = {i: _gains([r for r in rows if r.cause == i]) for i in titles}
        for cause in sorted(sums, key=lambda i: (-sum(sums[i].get("likely", ())), i)):
            told = [
                f"{VERDICTS[v].in_(self.language)} {_signed(*both_ways)}"
                for v, both_ways in sums[cause].items()
            ]
            yield f"  {titles[cause].in_(self.language)} [{cause}]: {', '.join(told)}"

    def _case(self, case: CaseImpact) -> Iterator[str]:
        yield f"{case.case} · {case.company}"
        for error, head in (
            (case.refused, both("cannot be judged any more", "больше не разобрать")),
            (case.accepted, both(
                "can be judged now; before it could not",
                "теперь разбирается, а раньше не разбирался",
            )),
        ):  # fmt: skip
            if error is not None:
                yield f"  {self._in(head)}: {_first(error, self.language)}"
        rows = [r for r in case.rows if r.turned or self.points]
        yield from self._rows(rows)
        yield from self._lists(case)
        left = len(case.rows) - len(rows)
        if left:
            yield "  " + self._in(both(
                f"only the points of {left} more: --points shows them",
                f"ещё {left}: изменились только баллы, покажет --points",
            ))  # fmt: skip

    def _rows(self, rows: Sequence[Row]) -> Iterator[str]:
        """Every verdict with its story; slices of one story are told together."""
        alike: dict[tuple[str, ...], list[Row]] = {}
        for row in rows:
            alike.setdefault((row.cause, *self._story(row)), []).append(row)
        for (cause, *story), same in alike.items():
            places = "; ".join(self._in(r.place) for r in same if r.place)
            title = self._in(same[0].title) + f" ({places})" * bool(places)
            yield f"  {_mark(same[0])} {title} [{cause}]"
            yield from story

    def _story(self, row: Row) -> Iterator[str]:
        yield f"      {say.move(row, self.language)}"
        lead = self._in(both("because of", "из-за правки"))
        if len(row.proof.edits) > 1:
            lead = self._in(both("because of", "из-за правок"))
        yield f"      {lead}: {self._in(say.proved(row.proof, self.edits, self.words))}"
        for told in say.bearing(row.grounds):
            own = self.edits.get(f"rule:{row.cause}/{getattr(told, 'rule', '')}")
            for depth, line in say.ground(told, own, self.words):
                mark = "· " if depth == 0 else "↳ "
                yield f"      {'  ' * depth}{mark}{self._in(line)}"

    def _lists(self, case: CaseImpact) -> Iterator[str]:
        yield from self._named(
            both("page one", "первая страница"), case.top_gained, case.top_lost
        )
        yield from self._plan(case)
        for head, names in (
            (both("newly unknown", "стало неизвестно"), case.unknown),
            (both("answers no longer read", "ответы больше не учитываются"),
             case.answers_dropped),
            (both("answers read now", "ответы теперь учитываются"), case.answers_taken),
            (both("questions worth asking now", "вопросы, которые теперь помогут"),
             case.questions_gained),
            (both("questions that need no answer any more",
                  "вопросы, ответ на которые больше не нужен"), case.questions_lost),
        ):  # fmt: skip
            if names:
                yield f"  {self._in(head)} ({len(names)}): {self._few(names)}"
        if case.figures:
            moved_by = [self.edits[i] for i in case.figures_by if i in self.edits]
            by = ", ".join(e.entry for e in moved_by)
            title = self._in(both("figures moved", "изменились показатели"))
            titles = [Named(m.metric, m.text) for m in case.figures]
            yield f"  {title} ({len(titles)}; {by}): {self._few(titles)}"

    def _plan(self, case: CaseImpact) -> Iterator[str]:
        """Actions that come or go, with the edit where no verdict above tells it."""
        told = {i for r in case.turned for i in r.proof.edits}
        for mark, actions in (("+", case.plan_gained), ("−", case.plan_lost)):
            for action in actions:
                line = f"  {self._in(both('plan', 'план'))} {mark} "
                line += action.title.in_(self.language)
                if not told.issuperset(action.proof.edits):
                    line += f" ({self._proof(action)})"
                yield line

    def _proof(self, action: Action) -> str:
        return self._in(say.proved(action.proof, self.edits, self.words))

    def _named(
        self, head: Text, gained: Sequence[Named], lost: Sequence[Named]
    ) -> Iterator[str]:
        for mark, names in (("+", gained), ("−", lost)):
            for name in names:
                yield f"  {self._in(head)} {mark} {name.title.in_(self.language)}"

    def _few(self, names: Sequence[Named]) -> str:
        titles = [n.title.in_(self.language) for n in names[:_FEW]]
        more = len(names) - len(titles)
        if more:
            titles.append(self._in(both(f"and {more} more", f"и ещё {more}")))
        return "; ".join(titles)

    def _untested(self) -> Iterator[str]:
        idle = [e for e in self.told.working if self.told.share_of(e.id).nothing]
        if not idle:
            return
        yield ""
        yield self._in(both(
            "Nothing stored tests these edits:",
            "Эти правки не проверяет ни один сохранённый разбор:",
        ))  # fmt: skip
        for edit in idle[:_LISTED]:
            why = self._idle(edit)
            yield f"  {self._in(self.words.headline(edit))} — {why}"
        if len(idle) > _LISTED:
            more = len(idle) - _LISTED
            yield "  " + self._in(both(
                f"and {more} more: --format json lists them all",
                f"и ещё {more}: все перечислены в --format json",
            ))  # fmt: skip

    def _idle(self, edit: Edit) -> str:
        seen = self.told.seen.get(edit.id)
        if seen is None:
            return self._in(both("no case was judged", "ни один разбор не судили"))
        return self._in(say.untested(edit, seen, len(self.told.cases)))

    def _faulty(self) -> Iterator[str]:
        if not self.told.faulty:
            return
        yield ""
        yield self._in(both(
            "Could not be replayed under either version:",
            "Не удалось проиграть ни под одной версией:",
        ))  # fmt: skip
        for name, error in self.told.faulty:
            yield f"  {name}: {_first(error, self.language)}"

    def _in(self, text: Text) -> str:
        return text.in_(self.language)


def _did(share: Share) -> Iterator[Text]:
    """What an edit did, in a few words each."""
    n = share.verdicts
    if n:
        cases = share.cases
        yield both(
            f"{_n(n, 'verdict')} in {_n(cases, 'case')}"
            + (f", {share.together} only together with other edits"
               if share.together else ""),
            f"{_ru(n, 'вывод вывода выводов')} в "
            + _ru(cases, "разборе разборах разборах")
            + (f", только вместе с другими правками — {share.together}"
               if share.together else ""),
        )  # fmt: skip
    if share.kept:
        one = share.kept == 1
        yield both(
            f"keeps {_n(share.kept, 'verdict')} as {'it was' if one else 'they were'}: "
            f"without it the other edits would change {'it' if one else 'them'}",
            f"удерживает {_ru(share.kept, 'вывод вывода выводов')}: без неё остальные "
            f"правки изменили бы {'его' if one else 'их'}",
        )
    if share.actions:
        yield both(f"{_n(share.actions, 'action')} of the plan",
                   f"{_ru(share.actions, 'мера меры мер')} плана")  # fmt: skip
    if share.points:
        rows = _ru(share.points, "строка строки строк")
        yield both(f"points alone in {_n(share.points, 'row')}",
                   f"только баллы ({rows})")  # fmt: skip
    if share.figures:
        yield both(f"moves figures in {_n(share.figures, 'case')}",
                   "меняет показатели в "
                   + _ru(share.figures, "разборе разборах разборах"))  # fmt: skip


def _n(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _ru(count: int, forms: str) -> str:
    return f"{count} {form(count, *forms.split())}"


def _gains(rows: Sequence[Row]) -> dict[Verdict, tuple[int, int]]:
    """How often each verdict came and went; `open` goes without saying."""
    came = Counter(r.new.verdict for r in rows if r.new)
    went = Counter(r.old.verdict for r in rows if r.old)
    order: tuple[Verdict, ...] = ("likely", "possible", "unlikely", "ruled_out",
                                  "cannot_judge")  # fmt: skip
    return {v: (came[v], went[v]) for v in order if came[v] or went[v]}


def _signed(came: int, went: int) -> str:
    return " ".join([f"+{came}"] * bool(came) + [f"−{went}"] * bool(went))


def _mark(row: Row) -> str:
    """▲ more of a cause than before, ▼ less, · the same verdict."""
    if not row.turned:
        return "·"
    order = ("likely", "possible", "open", "cannot_judge", "unlikely", "ruled_out")
    old, new = (order.index(s.verdict) if s else 2 for s in (row.old, row.new))
    return "▲" if new < old else "▼"


def _first(error: SalesdxError, language: Language) -> str:
    """A fault in one line: its message and the first problem."""
    lines = error.text(language).splitlines()
    head = lines[0]
    rest = [p.text(language) for p in error.problems[:1]]
    more = len(error.problems) - 1
    if more > 0:
        rest.append(f"… (+{more})")
    return " ".join([head, *rest])
