"""How the outcome of a deal is told: by words, by yes and no, by a date."""

import re
from collections.abc import Collection, Mapping, Sequence

from salesdx.crm import words
from salesdx.crm.headers import bare
from salesdx.crm.mapping import StatusRule
from salesdx.crm.samples import MOST_WORDS, Samples
from salesdx.tables import Column

FEW_WORDS = 40  # a column that tells the outcome has no more
_ORDERS = ("order", "заказ")
_TIME = Column("", "time")


def status_of(
    samples: Samples, columns: Mapping[str, str], exact: bool
) -> tuple[StatusRule | None, bool]:
    """How the status of a deal is told, and whether anything says so."""
    told = [
        rule
        for name in ("status", "stage_id")
        if name in columns and (rule := by_words(samples, columns[name])) is not None
    ]
    closed = _flag(
        samples, ("is closed", "isclosed", "сделка закрыта", "is deal closed?")
    )
    if told:
        rule = max(told, key=lambda r: bool(r.won) + bool(r.lost))
        if not exact and rule.column:
            rule = _with_likely(samples, rule.column, rule)
        return rule.model_copy(update={"closed_if": closed}), True
    won = _flag(samples, ("is won", "iswon", "is closed won", "is_won"))
    won = won or _dates(samples, ("won time", "won_time", "won date", "won_date"))
    if won:
        lost = _dates(samples, ("lost time", "lost_time", "lost date", "lost_date"))
        return StatusRule(won_if=won, lost_if=lost, closed_if=closed), True
    if not exact:
        found = by_values(samples, set(columns.values()))
        if found is not None:
            return found.model_copy(update={"closed_if": closed}), True
        for name in ("status", "stage_id"):
            if name in columns and (rule := likely(samples, columns[name])):
                return rule.model_copy(update={"closed_if": closed}), True
    if "status" in columns and len(samples.of(columns["status"])):
        return StatusRule(column=columns["status"]), False
    if exact:
        return None, False
    if any(bare(columns["deal_id"]).startswith(word) for word in _ORDERS):
        return StatusRule(always="won"), False
    if "stage_id" in columns:
        return StatusRule(column=columns["stage_id"]), False
    return StatusRule(always="open"), False


def by_words(samples: Samples, header: str) -> StatusRule | None:
    """A rule from the distinct words of a column, when some mean won or lost."""
    distinct = samples.counts(header)
    if distinct is None:
        return None
    found: dict[str, list[str]] = {"won": [], "lost": []}
    for word in sorted(distinct):
        code = status_code(word)
        if code in found:
            found[code].append(word)
    if not any(found.values()):
        return None
    return StatusRule(column=header, won=found["won"], lost=found["lost"])


def likely(samples: Samples, header: str) -> StatusRule | None:
    """A rule from words that may mean won or lost; each is still asked."""
    rule = _with_likely(samples, header, StatusRule(column=header))
    return rule if rule.won or rule.lost else None


def only_likely(rule: StatusRule) -> bool:
    """Whether no word of a rule surely means won or lost."""
    if rule.won_if or rule.lost_if or rule.column is None:
        return False
    return not any(status_code(w) in {"won", "lost"} for w in (*rule.won, *rule.lost))


def _with_likely(samples: Samples, header: str, rule: StatusRule) -> StatusRule:
    """Likely words for a side that no sure word tells."""
    counts = samples.counts(header) or {}
    lists = words.words().likely
    found = {
        code: [w for w in sorted(counts) if words.normalise(w) in _known(lists[code])]
        for code in ("won", "lost")
        if not getattr(rule, code)
    }
    return rule.model_copy(update=found)


def _known(many: Sequence[str]) -> frozenset[str]:
    return frozenset(words.normalise(w) for w in many)


def by_values(samples: Samples, used: Collection[str]) -> StatusRule | None:
    """A column that holds words for won and for lost, whatever its header."""
    for name in samples.names:
        if name in used or len(samples.of(name)) > FEW_WORDS:
            continue
        rule = by_words(samples, name)
        both = rule is not None and rule.won and rule.lost
        if rule and both and all(map(_is_word, (*rule.won, *rule.lost))):
            return rule
    return None


def _is_word(text: str) -> bool:
    """More than a letter or a number: S is a size, 142 may be a quantity."""
    return len(text) > 2 and not text.isdigit()


def status_code(word: str) -> str | None:
    """won, lost or open for a status or stage name; None when it says neither.

    `6 - Closed Won (Sales)` is won: numbering and a pipeline in brackets are dropped.
    """
    codes = words.codes("status")
    text = words.normalise(word)
    plain = re.sub(r"^[\d\s.\-)#:]+|\s*\([^)]*\)$|^c\d+:", "", text)
    return codes.get(text) or codes.get(plain)


def with_open(rule: StatusRule, samples: Samples, header: str | None) -> StatusRule:
    """The rule with the words that mean open, so that a new word is noticed."""
    counts = samples.counts(header) if header else None
    if not counts or not (rule.won or rule.lost):
        return rule
    closed = {words.normalise(w) for w in (*rule.won, *rule.lost)}
    left = [w for w in sorted(counts) if words.normalise(w) not in closed]
    return rule.model_copy(update={"open": left[:MOST_WORDS]})


def _flag(samples: Samples, names: tuple[str, ...]) -> str | None:
    known = words.booleans()
    for name in samples.names:
        if bare(name) in names:
            sample = samples.of(name).to_pylist()
            if sample and all(words.normalise(w) in known for w in sample):
                return str(name)
    return None


def _dates(samples: Samples, names: tuple[str, ...]) -> str | None:
    for name in samples.names:
        if bare(name) in names and samples.fits(name, _TIME) == 1.0:
            return str(name)
    return None
