"""Made-up result documents for the renderers: a rich one, an empty one, a hostile one.

The company, its people and all figures are invented.
"""

from salesdx.language import Text
from salesdx.result import (
    AnswerRow,
    BlockedAction,
    Break,
    CaseInfo,
    CauseRow,
    Check,
    Cohort,
    CohortCurve,
    CurvePoint,
    DataQuality,
    Disagreement,
    EngineInfo,
    Evidence,
    FactValue,
    Fine,
    FunnelStep,
    KnowledgeInfo,
    Kpi,
    Loss,
    MetricRow,
    Missing,
    Money,
    NextQuestion,
    NotChecked,
    Period,
    PlanAction,
    ResultDocument,
    SaidBy,
    Summary,
    SymptomRow,
    TotalLoss,
)

MANAGERS = (
    "Иванов Пётр", "Смирнова Анна", "Кузнецов Олег", "Попова Мария",
    "Соколов Денис", "Лебедева Ирина",
)  # fmt: skip
SEGMENTS = ("HoReCa", "Розничные сети", "Опт", "Госзаказ", "Онлайн")


def both(en: str, ru: str) -> Text:
    return Text(en=en, ru=ru)


def money(expected: float) -> Money:
    return Money(low=expected * 0.6, expected=expected, high=expected * 1.45)


def evidence(
    rule: str, points: int, en: str, ru: str, facts: dict[str, FactValue],
    direction: str = "for", counted: int | None = None,
) -> Evidence:  # fmt: skip
    return Evidence(
        rule=rule, ref=["IF-09"], direction=direction, points=points,
        counted=points if counted is None else counted, group=rule,
        because=both(en, ru), source={"seed": "004"}, grade="E1", facts=facts,
    )  # fmt: skip


def _cause(
    id_: str, kind: str, title: Text, summary: Text, points: int, role: str,
    **more: object,
) -> CauseRow:  # fmt: skip
    values: dict[str, object] = {
        "id": id_, "ref": ["C-01"], "kind": kind, "title": title, "summary": summary,
        "verdict": "likely" if points >= 42 else "possible", "points": points,
        "worst": points - 20, "best": points + 15, "coverage": 0.7, "rank": 1,
        "role": role, "evidence": [], "checks": [], "missing": [], "remedies": [],
        "verify": both("Take ten lost deals of last month and read them.",
                       "Взять десять проигранных сделок прошлого месяца и прочитать."),
        "explains": [], "losses": [], "money": None, "leads_to": [],
        "aggravates": [], "rivals": [],
    }  # fmt: skip
    return CauseRow.model_validate(values | more)


def causes() -> list[CauseRow]:
    share = FactValue(value=0.31, unit="ratio", by="data")
    young = _cause(
        "immature-deals", "data",
        both("Young deals are counted as lost", "Молодые сделки считают проигранными"),
        both("Deals that had no time to close stand in the denominator, so the "
             "conversion report looks three times worse than the truth.",
             "В знаменателе стоят сделки, которые ещё не могли закрыться, поэтому "
             "отчёт о конверсии выглядит втрое хуже, чем есть на деле."),
        62, "root", leads_to=["blame-on-sellers"],
        evidence=[
            evidence("raw-and-mature-diverge", 40,
                     "Counting only deals old enough to close changes 2 % into 5.9 %.",
                     "Если считать только вызревшие сделки, 2 % превращаются в 5,9 %.",
                     {"conversion.raw": FactValue(value=0.02, unit="ratio"),
                      "conversion.mature": FactValue(value=0.059, unit="ratio")}),
            evidence("campaign-before-analysis", 10,
                     "A campaign brought a wave of new entries just before the report.",
                     "Перед самым отчётом кампания привела волну новых обращений.",
                     {"data.recent-campaign": FactValue(value=True, by="head")}),
            evidence("young-share", 10, "Young deals are 31 % of all.",
                     "Молодых сделок 31 % от всех.", {"maturity.young-share": share},
                     counted=0),
            evidence("cycle-known", 8, "The company knows its own cycle.",
                     "Свой цикл сделки в компании знают.",
                     {"funnel.cycle-known": FactValue(value=True, by="head")},
                     "against"),
        ],
        missing=[Missing(question="funnel.entry-rule", could_add=20,
                         title=both(
                             "Is there one rule of what counts as an entry?",
                             "Есть ли единое правило, что считать обращением?"))],
        remedies=["rebase-figures"],
    )  # fmt: skip
    slow = _cause(
        "slow-reply", "speed",
        both("New enquiries wait for hours", "Новые обращения ждут ответа часами"),
        both("Half of the enquiries hear from us after four working hours; by then "
             "the client has spoken to somebody else.",
             "Половина обращений получает ответ позже чем через четыре рабочих часа; "
             "к этому времени клиент уже поговорил с другими."),
        54, "root", money=money(4_200_000), leads_to=["blame-on-sellers", "discounts"],
        evidence=[
            evidence("median-reply", 40, "The median first reply takes 4.2 hours.",
                     "Медиана первого ответа – 4,2 часа.",
                     {"response.first-business":
                      FactValue(value=15120.0, unit="seconds")}),
            evidence("no-duty", 20, "Nobody is on duty for new enquiries.",
                     "За новыми обращениями никто не дежурит.",
                     {"odc.duty": FactValue(value=False, by="head", confidence=60)}),
        ],
        checks=[Check(kind="gate", state="true",
                      text=both("Enough mature deals", "Созревших сделок достаточно")),
                Check(kind="unless", state="false",
                      text=both("The absence of the manager explains it",
                                "Это объясняется отсутствием менеджера"))],
        rivals=["discounts"], remedies=["duty-roster"],
    )  # fmt: skip
    seller = _cause(
        "blame-on-sellers", "people",
        both("One manager does not offer the second product line",
             "Менеджер не предлагает вторую линейку"),
        both("In the same segment colleagues offer it in every third deal, here it "
             "is never offered.",
             "В том же сегменте коллеги предлагают её в каждой третьей сделке, здесь "
             "её не предлагают никогда."),
        46, "consequence", slice={"manager": MANAGERS[1]}, money=money(1_350_000),
        evidence=[
            evidence("offers-nothing", 40,
                     "The second line was offered in 0 of 64 deals.",
                     "Вторую линейку предложили в 0 из 64 сделок.",
                     {"offer.rate": FactValue(value=0.0, unit="ratio")}),
            evidence("knows-product", 10, "The product test was passed.",
                     "Тест по продукту сдан.",
                     {"product.test": FactValue(value=True, by="head")}, "against"),
        ],
        checks=[Check(kind="gate", state="unknown",
                      text=both("The mix of leads is fair",
                                "Состав лидов сопоставим"))],
        remedies=["offer-second-line"],
    )  # fmt: skip
    second = seller.model_copy(
        update={"slice": {"manager": MANAGERS[4]}, "points": 43,
                "money": money(610_000)}
    )  # fmt: skip
    discount = _cause(
        "discounts", "management",
        both("Discounts are given without a rule", "Скидки дают без правила"),
        both("Every manager decides alone how much to take off.",
             "Каждый менеджер сам решает, сколько уступить."),
        18, "aggravating", aggravates=["blame-on-sellers"], money=money(900_000),
        evidence=[evidence("no-rule", 18, "There is no written discount rule.",
                           "Письменного правила скидок нет.",
                           {"discount.rule": FactValue(value=False, by="owner")})],
        missing=[Missing(metric="check.margin", could_add=20,
                         title=both("Margin by manager", "Маржа по менеджерам"))],
    )  # fmt: skip
    market = _cause(
        "market-fell", "external",
        both("The market itself fell", "Упал сам рынок"),
        both("Sales fell everywhere at once.", "Продажи упали везде разом."),
        -12, "standalone", verdict="unlikely",
    )  # fmt: skip
    return [young, slow, seller, second, discount, market]


def losses() -> list[Loss]:
    found: list[Loss] = []
    title = both("Conversion at 90 days", "Конверсия за 90 дней")
    states = ("confirmed", "noise", "suspected", "noise", "insufficient")
    for i, manager in enumerate(MANAGERS):
        for j, segment in enumerate(SEGMENTS):
            state = states[(i * 2 + j * 3) % 5]
            counts = state in {"confirmed", "suspected"}
            found.append(Loss(
                id=f"conversion.at-horizon[manager={manager},segment={segment}]",
                metric="conversion.at-horizon", title=title,
                slice={"manager": manager, "segment": segment},
                norm=0.081, actual=0.081 - 0.006 * (i + 1), n=14 + 17 * ((i + j) % 5),
                state=state, money=money(210_000.0 * (i + 2)) if counts else None,
                share=0.05 if counts else None,
            ))  # fmt: skip
    for i, manager in enumerate(MANAGERS):
        for metric, name, norm, actual in (
            ("conversion.at-horizon", title, 0.081, 0.08 - 0.007 * i),
            ("response.first-business", both("First reply", "Первый ответ"),
             3600.0, 2400.0 * (i + 1)),
        ):  # fmt: skip
            state = "confirmed" if i % 3 == 1 else "noise" if i % 3 else "suspected"
            found.append(Loss(
                id=f"{metric}[manager={manager}]", metric=metric, title=name,
                slice={"manager": manager}, norm=norm, actual=actual, n=120 + i,
                state=state, share=0.1,
                money=money(640_000.0 + 230_000 * i) if state != "noise" else None,
            ))  # fmt: skip
    return found


def metrics() -> list[MetricRow]:
    rows = [
        ("conversion.raw", "Raw conversion", "Конверсия сырая", 0.02, "ratio"),
        ("conversion.mature", "Mature conversion", "Конверсия вызревших", 0.059,
         "ratio"),
        ("cycle.won-median", "Median cycle", "Медиана цикла", 47.0, "days"),
        ("cycle.won-p90", "Long cycle (p90)", "Длинный цикл (p90)", 118.0, "days"),
        ("maturity.young-share", "Young deals", "Доля молодых сделок", 0.31, "ratio"),
        ("check.average", "Average sale", "Средний чек", 184_300.0, "money"),
        ("check.median", "Median sale", "Медианный чек", 96_000.0, "money"),
        ("check.lines", "Lines a sale", "Позиций в чеке", 3.2, "factor"),
        ("response.first-business", "First reply, working time",
         "Первый ответ в рабочее время", 15120.0, "seconds"),
        ("response.unanswered-share", "Unanswered enquiries",
         "Обращения без ответа", 0.12, "ratio"),
        ("deals.entries", "Entries", "Обращения", 4180.0, "count"),
    ]  # fmt: skip
    found = [
        MetricRow(id=i, ref=["M-20"], title=both(en, ru), value=v, unit=u, n=4180,
                  interval=(v * 0.9, v * 1.12) if u == "ratio" else None, state="ok",
                  benchmark=3600.0 if i == "response.first-business" else None)
        for i, en, ru, v, u in rows
    ]  # fmt: skip
    found.append(MetricRow(
        id="check.margin", ref=["M-04"], title=both("Margin", "Маржа"), value=None,
        unit="ratio", state="unknown",
        reason=both("the data have no purchase price", "в данных нет закупочной цены"),
    ))  # fmt: skip
    for i, manager in enumerate(MANAGERS):
        found.append(MetricRow(
            id="conversion.mature", ref=["M-20"], n=120 + i, state="ok", unit="ratio",
            title=both("Mature conversion", "Конверсия вызревших"),
            value=0.08 - 0.007 * i, interval=(0.04, 0.1), slice={"manager": manager},
        ))  # fmt: skip
    return found


def plan() -> list[PlanAction]:
    rows = [
        ("rebase-figures", 30, 0, 5, "Count conversion on mature deals",
         "Пересчитать конверсию по вызревшим сделкам", ["immature-deals"], []),
        ("duty-roster", 30, 3, 10, "Put one person on duty for new enquiries",
         "Назначить дежурного по новым обращениям", ["slow-reply"], []),
        ("entry-rule", 30, 8, 14, "Write down what counts as an entry",
         "Записать, что считать обращением", ["immature-deals"], ["rebase-figures"]),
        ("offer-second-line", 60, 31, 20, "Offer the second line in each quote",
         "Предлагать вторую линейку в каждом коммерческом предложении",
         ["blame-on-sellers"], ["entry-rule"]),
        ("discount-rule", 60, 35, 12, "Write the discount rule on one page",
         "Написать правило скидок на одной странице", ["discounts"], []),
        ("weekly-review", 60, 40, 20, "Review ten lost deals every week",
         "Каждую неделю разбирать десять проигранных сделок", ["slow-reply"], []),
        ("cohort-report", 90, 61, 14, "Report by cohorts, not by calendar month",
         "Перейти на отчёт по когортам вместо календарного месяца",
         ["immature-deals"], ["rebase-figures"]),
    ]  # fmt: skip
    return [
        PlanAction(
            id=i, ref=["R-02"], title=both(en, ru), causes=c, horizon=h, start_day=s,
            days=d, owner="head",
            owner_title=both("Head of sales", "Руководитель отдела продаж"),
            steps=[both("Agree on the rule with the owner",
                        "Согласовать правило с собственником"),
                   both("Run it for one week on one team",
                        "Неделю поработать так в одной группе"),
                   both("Look at the figure and extend to all",
                        "Посмотреть на цифру и распространить на всех")],
            kpi=Kpi(metric="response.first-business", unit="seconds", now=15120.0,
                    title=both("First reply, working time",
                               "Первый ответ в рабочее время"),
                    target=1800.0, check_day=s + d + 7),
            after=a, worksheet="reply-norm" if s == 3 else None,
            worksheet_title=both("Norm of reply", "Норма ответа") if s == 3 else None,
            claims=[both("Sales grow by 30 % in a month.",
                         "Продажи растут на 30 % за месяц.")] if s == 3 else [],
            repeat="weekly" if i == "weekly-review" else None,
        )
        for i, h, s, d, en, ru, c, a in rows
    ]  # fmt: skip


def rich() -> ResultDocument:
    """Four causes, six managers by five segments, twelve figures, a plan of seven."""
    stages = [("new", "Обращение", 4180), ("meeting", "Встреча проведена", 1630),
              ("proposal", "Отправлено коммерческое предложение", 720),
              ("contract", "Договор", 246)]  # fmt: skip
    funnel = [
        FunnelStep(
            funnel="main", stage=s, title=t, count=n,
            conversion=stages[i + 1][2] / n if i < 3 else None,
            interval=(stages[i + 1][2] / n * 0.92, stages[i + 1][2] / n * 1.08)
            if i < 3 else None,
        )
        for i, (s, t, n) in enumerate(stages)
    ]  # fmt: skip
    rates = (0.021, 0.02, 0.024, 0.061, 0.066, 0.059, None)
    cohorts = [
        Cohort(period=f"{2024 + (i + 2) // 4}-Q{(i + 2) % 4 + 1}", entries=610 - 8 * i,
               mature=0 if r is None else 600 - 8 * i,
               wins=0 if r is None else round((600 - 8 * i) * r), rate=r,
               interval=None if r is None else (r * 0.75, r * 1.3))
        for i, r in enumerate(rates)
    ]  # fmt: skip
    curves = [
        CohortCurve(period=c.period, entries=c.entries, wins=c.wins or 4, points=[
            CurvePoint(age=14 * a, rate=r * a / (a + 2), at_risk=c.entries - 9 * a,
                       interval=(r * a / (a + 3), r * (a + 1) / (a + 2)))
            for a in range(9 - (i > 4) * 3 * (i - 4))
        ])
        for i, (c, r) in enumerate(zip(cohorts, (*rates[:-1], 0.05), strict=True))
    ]  # fmt: skip
    return ResultDocument(
        case=CaseInfo(name="ООО «Северный чай»", as_of="2026-06-30", currency="RUB",
                      period=Period.model_validate(
                          {"from": "2024-07-01", "to": "2026-06-30"}),
                      sales_model="b2b"),
        knowledge=KnowledgeInfo(pack="sales-core", version="1.0.0", hash="9f" * 32),
        engine=EngineInfo(version="0.1.0", executor="reference"),
        summary=Summary(
            state="loss_found",
            verdict=both(
                "The company loses about ₽7.2M over the period, most of it because "
                "new enquiries wait for hours; the conversion of 2 % is a counting "
                "error, the true one is 5.9 %.",
                "Компания теряет около 7,2 млн ₽ за период, главным образом потому, "
                "что новые обращения ждут часами; конверсия 2 % – ошибка счёта, "
                "настоящая – 5,9 %."),
            loss=TotalLoss(low=4_300_000, expected=7_200_000, high=10_900_000,
                           currency="RUB", per="period"),
            coverage=0.64, top_causes=["immature-deals", "slow-reply",
                                       "blame-on-sellers"],
            first_actions=["rebase-figures", "duty-roster", "entry-rule"]),
        data_quality=[
            DataQuality(id="maturity", ref=["DO-01"], severity="warning",
                        title=both("Young deals left out", "Молодые сделки исключены"),
                        effect=both("Conversion is counted on deals of 118 days and "
                                    "older.", "Конверсия считается по сделкам старше "
                                    "118 дней."),
                        dropped_rows=1296, before=0.02, after=0.059),
            DataQuality(id="dates", ref=["DO-04"], severity="info",
                        title=both("Closed before entered",
                                   "Закрыты раньше, чем заведены"),
                        effect=both("These deals do not enter the cycle.",
                                    "Эти сделки не входят в расчёт цикла."),
                        dropped_rows=17),
        ],
        metrics=metrics(), losses=losses(),
        symptoms=[SymptomRow(id="slow-reply", ref=["S-11"], state="true",
                             title=both("Slow first reply", "Медленный первый ответ"),
                             because=both("4.2 h against 1 h", "4,2 ч при норме 1 ч"))],
        causes=causes(),
        disagreements=[Disagreement(
            metric="response.first-business",
            title=both("How fast is the first reply?", "Как быстро отвечаем впервые?"),
            values=[SaidBy(by="head", value=900), SaidBy(by="data", value=15120.0)],
            effect=both("The measured figure is used.", "Берём измеренное."))],
        plan=plan(),
        blocked_actions=[BlockedAction(
            id="hire", title=both("Hire two more sellers", "Нанять ещё двух продавцов"),
            because=both("Until enquiries are answered in time, more people lose more.",
                         "Пока обращения остаются без ответа, новые люди потеряют ещё "
                         "больше."))],
        next_questions=[NextQuestion(
            question="funnel.entry-rule", value=20,
            title=both("Is there one rule of what counts as an entry?",
                       "Есть ли единое правило, что считать обращением?"),
            why=both("It tells young deals from double entries.",
                     "Отделит молодые сделки от задвоенных обращений."))],
        not_checked=[NotChecked(
            id="margin", title=both("Margin", "Маржа"),
            reason=both("No purchase prices in the data.",
                        "В данных нет закупочных цен."),
            supply=both("Deal items with cost.", "Позиции сделок с себестоимостью."))],
        funnel=funnel, cohorts=cohorts, cohort_curves=curves,
        breaks=[Break(metric="conversion.mature", at="2025-04-01", before=0.022,
                      after=0.062, before_counts=(39, 1770), after_counts=(108, 1740),
                      factor=2.8)],
        answers=[
            AnswerRow(question="data.recent-campaign", ref=["Q-DQ-05"], by="head",
                      title=both("Was there a campaign just before the report?",
                                 "Была ли кампания перед самым отчётом?"),
                      state="answered", value=True, confidence=100),
            AnswerRow(question="odc.duty", ref=["Q-ODC-01"], by="head",
                      title=both("Who is on duty for new enquiries?",
                                 "Кто дежурит по новым обращениям?"),
                      state="answered", value=False, confidence=60,
                      note="спросить Смирнову"),
            AnswerRow(question="crm.functions", ref=["Q-CRM-01"], by="seller-1",
                      title=both("Which functions of the CRM are used?",
                                 "Какими функциями CRM пользуетесь?"),
                      state="dont_know", value=None, confidence=100),
        ],
        fine=[Fine(id="seasonality", title=both("Seasonality", "Сезонность"),
                   because=both("no month stands out", "ни один месяц не выделяется"))],
    )  # fmt: skip


def empty() -> ResultDocument:
    """Nothing but the names of what would help."""
    supply = [
        ("deals", "Deals", "Сделки", "An export with entry date and status.",
         "Выгрузка с датой обращения и статусом."),
        ("answers", "Answers", "Ответы", "Twenty answers of the head of sales.",
         "Двадцать ответов руководителя отдела продаж."),
    ]  # fmt: skip
    return ResultDocument(
        case=CaseInfo(name="Ромашка", as_of=None, currency="RUB",
                      period=Period.model_validate({"from": None, "to": None})),
        knowledge=KnowledgeInfo(pack="sales-core", version="1.0.0", hash="00" * 32),
        engine=EngineInfo(version="0.1.0", executor="reference"),
        summary=Summary(
            state="not_enough_data", loss=None, coverage=0.0, top_causes=[],
            first_actions=[],
            verdict=both("There is not enough data for a diagnosis yet.",
                         "Для диагноза пока не хватает данных.")),
        data_quality=[], metrics=[], losses=[], symptoms=[], causes=[],
        disagreements=[], plan=[], blocked_actions=[],
        next_questions=[NextQuestion(
            question="q", value=20, title=both("How long is your cycle?",
                                               "Какой у вас цикл сделки?"),
            why=both("It tells mature deals from young ones.",
                     "Отделит вызревшие сделки от молодых."))],
        not_checked=[
            NotChecked(id=i, title=both(en, ru), supply=both(e2, r2),
                       reason=both("Nothing was supplied.", "Ничего не загружено."))
            for i, en, ru, e2, r2 in supply
        ],
    )  # fmt: skip


HOSTILE = (
    "<script>alert(1)</script>", "#1 $x$ *b* _u_ `c` @ref", "=1+1", "{{ 7*7 }}",
    "]]></svg><img src=x onerror=alert(1)>", "a\x07b\u202etxt", "Щ" * 200,
)  # fmt: skip


def hostile() -> ResultDocument:
    """Sixty managers with hostile names, hostile texts everywhere."""
    base = rich()
    names = [HOSTILE[i % len(HOSTILE)] + f" {i}" for i in range(60)]
    nasty = [both(h, h) for h in HOSTILE]
    found = [
        base.losses[30].model_copy(
            update={"id": f"x{i}", "slice": {"manager": name}, "state": "confirmed",
                    "money": money(100_000.0 + i)})
        for i, name in enumerate(names)
    ]  # fmt: skip
    people = [
        base.causes[2].model_copy(update={"slice": {"manager": n}, "title": nasty[0]})
        for n in names
    ]
    first = base.causes[1].model_copy(update={"title": nasty[6], "summary": nasty[1]})
    steps = [a.model_copy(update={"title": nasty[i % 7], "steps": nasty})
             for i, a in enumerate(base.plan)]  # fmt: skip
    return base.model_copy(
        update={
            "case": base.case.model_copy(update={"name": HOSTILE[0]}),
            "losses": found, "causes": [first, *people], "plan": steps,
            "summary": base.summary.model_copy(
                update={"verdict": nasty[4], "top_causes": [first.id, people[0].id]}),
        }
    )  # fmt: skip
