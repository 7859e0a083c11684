"""The index of the search: what the script of a page needs to find entries by words.

It is a script itself, for a page that lies on a disk may not read files. A word is
found by its beginning, or in another form: the stem of each word is worked out here,
and the script gets the endings that may follow it.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from salesdx.knowledge.word_forms import ENDING, is_form, words_of
from salesdx.workbench.site.addresses import address
from salesdx.workbench.site.glossary import Term
from salesdx.workbench.site.reader import Reader

KINDS = (
    "cause", "remedy", "symptom", "question", "metric", "benchmark", "questionnaire",
    "form", "worksheet", "claim", "term",
)  # fmt: skip
_BREVE = "\u0306"  # what makes й of и: not an accent
_STEM = 3  # letters of the shortest stem


@dataclass(frozen=True, slots=True)
class Row:
    """One entry: where it is, what it is called, by which other words it is found."""

    kind: str
    id: str
    title: str
    more: str = ""

    @property
    def address(self) -> str:
        """Its page, from the folder of the language."""
        return address(self.kind, self.id)


def rows(r: Reader, terms: Iterable[Term]) -> Iterator[Row]:
    """Every entry of the base in one language."""
    k = r.knowledge
    for i, cause in k.causes.items():
        spec = cause.spec
        more = (i, *spec.ref, r.say(spec.summary), r.t.kind(spec.kind))
        yield Row("cause", i, r.say(spec.title), " ".join(more))
    for i, remedy in k.remedies.items():
        more = (i, *remedy.ref, *(r.say(s) for s in remedy.steps))
        yield Row("remedy", i, r.say(remedy.title), " ".join(more))
    for i, symptom in k.symptoms.items():
        more = (i, *symptom.spec.ref)
        yield Row("symptom", i, r.say(symptom.spec.title), " ".join(more))
    for i, question in k.questions.items():
        options = (r.say(o.title) for o in question.options)
        more = (i, *question.ref, r.say(question.why), *options)
        yield Row("question", i, r.say(question.title), " ".join(more))
    for i, metric in k.metrics.items():
        more = (i, *metric.ref, r.say(metric.definition))
        yield Row("metric", i, r.say(metric.title), " ".join(more))
    for i, mark in k.benchmarks.items():
        yield Row("benchmark", i, r.say(mark.title), f"{i} {r.say(mark.applies_to)}")
    for i, asked in k.questionnaires.items():
        yield Row("questionnaire", i, r.say(asked.title), f"{i} {r.say(asked.intro)}")
    for i, form in k.forms.items():
        more = (i, *form.ref, r.say(form.intro))
        yield Row("form", i, r.say(form.title), " ".join(more))
    for i, sheet in k.worksheets.items():
        more = (i, *sheet.spec.ref, r.say(sheet.spec.purpose))
        yield Row("worksheet", i, r.say(sheet.spec.title), " ".join(more))
    for i, claim in k.claims.items():
        yield Row("claim", i, r.say(claim.text), f"{i} {' '.join(claim.ref)}")
    for n, term in enumerate(terms, 1):
        yield Row("term", f"t{n}", term.in_(r.language))


def plain(text: str) -> list[str]:
    """Words as they are compared: small letters, no accents, ё is е."""
    parts = unicodedata.normalize("NFD", " ".join(words_of(text)))
    kept = "".join(c for c in parts if c == _BREVE or not unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept).split()


def index_script(found: Iterable[Row], r: Reader) -> bytes:
    """The index as a script that sets one variable."""
    table: dict[str, int] = {}

    def numbers(text: str) -> list[int]:
        return sorted({table.setdefault(w, len(table)) for w in plain(text)})

    listed = []
    for row in found:
        strong = numbers(row.title)
        weak = sorted(set(numbers(row.more)) - set(strong))
        listed.append([KINDS.index(row.kind), row.address, row.title, strong, weak])
    data = {
        "kinds": [r.t(f"one.{kind}") for kind in KINDS],
        "ending": ENDING.pattern,
        "words": list(table),
        "stems": [_stem(w) for w in table],
        "rows": listed,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"window.salesdx={text};\n".encode()


def _stem(word: str) -> int:
    """How many letters of a word stay in its other forms; 0 where it has none."""
    return next(
        (n for n in range(_STEM, len(word) + 1) if is_form(word[:n] + "*", word)),
        0 if len(word) < _STEM else len(word),
    )
