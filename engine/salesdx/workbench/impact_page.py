"""The text of `kb impact`: first the sums, then each case that changed, with the why."""

from collections.abc import Iterator, Sequence

from salesdx.errors import SalesdxError
from salesdx.explanation.wording import VERDICTS, both, form
from salesdx.language import Language, Text
from salesdx.workbench import impact_words as say
from salesdx.workbench.difference_words import Words
from salesdx.workbench.differences import Edit
from salesdx.workbench.impact import Action, CaseImpact, Impact, Named, Row

_FEW = 4  # questions, figures and the like that are named in the text
_STRONG = ("likely", "possible")


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
        same, faulty = n - changed - moved, len(told.faulty)
        yield self._in(both(
            f"{n} case{'s' * (n != 1)} replayed: {changed} changed "
            f"({verdicts} verdict{'s' * (verdicts != 1)}), {moved} only in points or "
            f"questions, {same} not at all"
            + (f"; {faulty} could not be replayed" if faulty else "") + ".",
            f"{form(n, 'Проигран', 'Проиграно', 'Проиграно')} {n} "
            f"{form(n, 'разбор', 'разбора', 'разборов')}: изменились выводы — {changed} "
            f"({verdicts} {form(verdicts, 'вывод', 'вывода', 'выводов')}), только баллы "
            f"или вопросы — {moved}, без изменений — {same}"
            + (f"; не удалось проиграть — {faulty}" if faulty else "") + ".",
        ))  # fmt: skip
        working = told.working
        texts = len(told.edits) - len(working)
        tested = sum(not told.share_of(e.id).nothing for e in working)
        idle = len(working) - tested
        yield self._in(both(
            f"{len(working)} edit{'s' * (len(working) != 1)} that can change something: "
            f"{tested} did, {idle} no stored case tests"
            + (f"; {texts} of texts only" if texts else "") + ".",
            f"Правок, которые могут что-то изменить, — {len(working)}: сработали — "
            f"{tested}, не проверены ни одним разбором — {idle}"
            + (f"; только в текстах — {texts}" if texts else "") + ".",
        ))  # fmt: skip

    def _by_edit(self) -> Iterator[str]:
        shares = [(e, self.told.share_of(e.id)) for e in self.told.working]
        shares = [(e, s) for e, s in shares if not s.nothing]
        shares.sort(key=lambda x: (-x[1].verdicts, -x[1].actions, -x[1].points))
        if shares:
            yield ""
            yield self._in(both("What each edit did:", "Что сделала каждая правка:"))
        for edit, s in shares:
            parts = []
            if s.verdicts:
                parts.append(both(
                    f"{s.verdicts} verdict{'s' * (s.verdicts != 1)} in {s.cases} "
                    f"case{'s' * (s.cases != 1)}"
                    + (f", {s.together} of them only together with other edits"
                       if s.together else ""),
                    f"{s.verdicts} {form(s.verdicts, 'вывод', 'вывода', 'выводов')} в "
                    f"{s.cases} {form(s.cases, 'разборе', 'разборах', 'разборах')}"
                    + (f", из них только вместе с другими правками — {s.together}"
                       if s.together else ""),
                ))  # fmt: skip
            if s.actions:
                parts.append(both(
                    f"{s.actions} action{'s' * (s.actions != 1)} of a plan",
                    f"{s.actions} {form(s.actions, 'мера', 'меры', 'мер')} в планах",
                ))  # fmt: skip
            if s.points:
                parts.append(both(
                    f"points alone of {s.points} cause{'s' * (s.points != 1)}",
                    f"только баллы — {s.points}",
                ))  # fmt: skip
            if s.figures:
                parts.append(both(
                    f"figures of {s.figures} case{'s' * (s.figures != 1)}",
                    f"показатели в разборах — {s.figures}",
                ))  # fmt: skip
            head = self._in(self.words.headline(edit))
            yield f"  {head} — " + "; ".join(self._in(p) for p in parts)

    def _by_cause(self) -> Iterator[str]:
        rows = [r for c in self.told.cases for r in c.turned]
        if not rows:
            return
        yield ""
        yield self._in(both("What became of the causes:", "Что стало с причинами:"))
        titles = {r.cause: r.title for r in rows}
        sums = {}
        for cause in titles:
            mine = [r for r in rows if r.cause == cause]
            sums[cause] = [
                (word, *(sum(_is(s, word) and not _is(o, word) for s, o in pairs)
                         for pairs in ([(r.new, r.old) for r in mine],
                                       [(r.old, r.new) for r in mine])))
                for word in (*_STRONG, "ruled_out", "cannot_judge")
            ]  # fmt: skip
        order = sorted(sums, key=lambda c: (-sums[c][0][1] - sums[c][0][2], c))
        for cause in order:
            told = [
                f"{VERDICTS[word].in_(self.language)} "
                + " ".join(x for x in (f"+{up}" * bool(up), f"−{down}" * bool(down)) if x)
                for word, up, down in sums[cause]
                if up or down
            ]
            yield f"  {titles[cause].in_(self.language)} ({cause}): {', '.join(told)}"

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
        for row in rows:
            yield from self._row(row)
        yield from self._lists(case)
        left = len(case.rows) - len(rows)
        if left:
            yield "  " + self._in(both(
                f"only the points of {left} more: --points shows them",
                f"ещё {left}: изменились только баллы, покажет --points",
            ))  # fmt: skip

    def _row(self, row: Row) -> Iterator[str]:
        yield f"  {_mark(row)} {say.title(row, self.language)} ({row.cause})"
        yield f"      {say.move(row, self.language)}"
        lead = self._in(both("because of", "из-за правки"))
        if len(row.proof.edits) > 1:
            lead = self._in(both("because of", "из-за правок"))
        yield f"      {lead}: {self._in(say.proved(row.proof, self.edits, self.words))}"
        for told in row.grounds:
            own = self.edits.get(f"rule:{row.cause}/{getattr(told, 'rule', '')}")
            for depth, line in say.ground(told, own, self.words):
                mark = "· " if depth == 0 else "  "
                yield f"      {'    ' * depth}{mark}{self._in(line)}"

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
            by = ", ".join(self.edits[i].entry for i in case.figures_by if i in self.edits)
            head = self._in(both("figures moved", "изменились показатели"))
            titles = [Named(m.metric, m.text) for m in case.figures]
            yield f"  {head} ({len(titles)}; {by}): {self._few(titles)}"

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
        for edit in idle:
            why = self._idle(edit)
            yield f"  {self._in(self.words.headline(edit))} — {why}"

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


def _is(standing: object, word: str) -> bool:
    return getattr(standing, "verdict", None) == word


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

