"""What is doubtful in the proposal for one file: every doubt a question."""

from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from salesdx.company import Company
from salesdx.crm import questions
from salesdx.crm.drift import new_words
from salesdx.crm.guess import SURE, Guess, Match, dates_of, declared
from salesdx.crm.headers import headers, labels_of, tokens
from salesdx.crm.mapping import FileMap, StatusRule
from salesdx.crm.opening import Opened
from salesdx.crm.outcomes import FEW_WORDS, status_code
from salesdx.crm.questions import ALWAYS, LEAVE_OUT, Question
from salesdx.crm.rows import normalise_header
from salesdx.crm.samples import Samples
from salesdx.crm.value_doubts import value_doubts
from salesdx.crm.vendors import form_of
from salesdx.crm.vendors.made_keys import MADE_KEY
from salesdx.tables import TABLES

MOST_CHOICES = 12
_TYPED = frozenset({"time", "date", "money", "number"})


def doubts(
    opened: Opened,
    file: FileMap,
    guesses: Sequence[Guess],
    company: Company,
    drifted: Collection[tuple[str, str]] = (),
) -> list[Question]:
    """Everything about one file that only a person knows.

    Args:
        opened: the file.
        file: the mapping proposed for it.
        guesses: what it came from; empty where a saved map is used.
        company: whose clock and currency count.
        drifted: table and column whose header was found by its looks only.
    """
    if not opened.rows().rows_in:
        return []
    found: list[Question] = []
    for guess in guesses:
        samples = opened.samples(guess.shape)
        found += _matches(samples, guess)
        if guess.table == "deals":
            found += _outcome(samples, file, guess)
    for table in file.tables:
        samples = opened.samples(table.shape)
        taken = {c: table.headers(c)[0] for t, c in drifted if t == table.table}
        found += [
            _which(samples, table.table, c, [normalise_header(h)], h)
            for c, h in taken.items()
        ]
        if not guesses and table.status:
            found += word_questions(samples, table.status, new=True)
    return found + list(value_doubts(opened, file, company))


def _matches(samples: Samples, guess: Guess) -> Iterator[Question]:
    """Weak matches, and headers too far away to be taken without an answer."""
    labels = labels_of(samples.rows)
    if guess.columns.get("deal_id") == MADE_KEY:
        match = Match("deal_id", MADE_KEY, 1.0)
        keys = _told(samples, _others(samples, guess, match))
        yield questions.made_key(samples.rows.source, guess.table, keys, MADE_KEY)
    for match in guess.matches:
        if match.confidence < SURE and len(samples.of(match.header)):
            names = [match.header, *_others(samples, guess, match)]
            yield _asked(samples, guess, match, names, labels[match.header])
    for match in guess.maybe:
        yield _asked(samples, guess, match, [match.header], LEAVE_OUT)


def _asked(
    samples: Samples, guess: Guess, match: Match, names: Sequence[str], taken: str
) -> Question:
    """The question on one match; all dates are told where it is about the entry."""
    if (guess.table, match.column) == ("deals", "entered_at"):
        dates = [
            n for n in dates_of(samples) if n == match.header or n not in guess.used
        ]
        if match.header in dates:
            return questions.entry(samples.rows.source, _told(samples, dates), taken)
    return _which(samples, guess.table, match.column, names, taken)


def _which(
    samples: Samples, table: str, column: str, names: Sequence[str], taken: str
) -> Question:
    kind = TABLES[table].column(column)
    some = _told(samples, names[:MOST_CHOICES])
    needed = kind is not None and kind.required
    return questions.which_column(
        samples.rows.source, table, column, some, taken, needed
    )


def _others(samples: Samples, guess: Guess, match: Match) -> list[str]:
    """Free headers whose values would do as well; any text would be too many."""
    kind = declared(guess.table, match.column)
    key = TABLES[guess.table].key == match.column
    return [
        n
        for n in samples.names
        if n != match.header
        and n not in guess.used
        and len(samples.of(n))
        and (key or kind.type in _TYPED)
        and samples.fits(n, kind) == 1.0
        and (not key or samples.is_key(n))
    ]


def _outcome(samples: Samples, file: FileMap, guess: Guess) -> list[Question]:
    rule = guess.status
    if rule is None:
        return []
    if guess.status_sure:
        form = form_of(file.form) if file.form else None
        told = form.tables.get("deals") if form else None
        fixed = told is not None and told.status is not None and told.status.won
        sure = {
            code for code in ("won", "lost") for w in getattr(rule, code)
            if status_code(w) == code
        }  # fmt: skip
        guessed = bool(rule.won) > ("won" in sure) or bool(rule.lost) > ("lost" in sure)
        advised = form is not None and form.no_lost is not None and not guessed
        if fixed or advised or rule.lost_if or rule.closed_if:
            return []
        if not guessed and len(sure) != 1:
            return []
        asked = word_questions(samples, rule)
        return [q for q in asked if q.kind.removesuffix("-words") not in sure]
    if rule.column and rule.column not in guess.columns.values():
        return word_questions(samples, rule)  # it is called so, only the words are new
    return [_outcome_question(samples, guess, rule)]


def _outcome_question(samples: Samples, guess: Guess, rule: StatusRule) -> Question:
    labels = labels_of(samples.rows)
    names = [
        n
        for n in samples.names
        if (n not in guess.used or n == rule.column)
        and 1 < len(samples.of(n)) <= FEW_WORDS
        and not samples.is_date(n)
        and not samples.is_personal(n)
    ]
    taken = labels[rule.column] if rule.column else f"{ALWAYS}{rule.always or 'open'}"
    hints = set(headers().outcome)
    names.sort(key=lambda n: (
        n != rule.column, not hints & set(tokens(samples.labels[n])),
        len(samples.of(n)),
    ))  # fmt: skip
    some = _told(samples, names[:MOST_CHOICES])
    if rule.column:
        some.setdefault(taken, _few(samples, rule.column))
    return questions.outcome(samples.rows.source, some, taken)


def word_questions(
    samples: Samples, rule: StatusRule, new: bool = False
) -> list[Question]:
    """What the words of the column of a rule mean; only new ones if wanted."""
    name = normalise_header(rule.column) if rule.column else ""
    counts = samples.counts(name) if name in samples.names else None
    if counts and new:
        counts = new_words(samples, rule)
    if not counts:
        return []
    unknown = {w: n for w, n in counts.items() if status_code(w) != "open"}
    label = labels_of(samples.rows)[name]
    found = []
    if lost := {w: n for w, n in unknown.items() if new or w not in rule.lost}:
        found.append(questions.meaning(
            samples.rows.source, label, "won-words", lost, rule.won, new
        ))  # fmt: skip
    if won := {w: n for w, n in unknown.items() if new or w not in rule.won}:
        found.append(questions.meaning(
            samples.rows.source, label, "lost-words", won, rule.lost, new
        ))  # fmt: skip
    return found


def _told(samples: Samples, names: Sequence[str]) -> dict[str, str]:
    """Headers as a mapping writes them, each with a little of what it holds."""
    labels = labels_of(samples.rows)
    return {labels[n]: _few(samples, n) for n in names}


def _few(samples: Samples, name: str) -> str:
    """A few words with their counts, or a few values."""
    counts = samples.counts(name)
    if counts and len(counts) <= FEW_WORDS and max(counts.values()) > 1:
        often = sorted(counts, key=lambda w: (-counts[w], w))[:5]
        return ", ".join(f"{w[:30]} ({counts[w]})" for w in often)
    values = samples.of(name).slice(0, 3)
    return ", ".join(str(v)[:30] for v in pc.cast(values, pa.string()).to_pylist())
