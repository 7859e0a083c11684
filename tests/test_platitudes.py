"""The banality detector: answers to "how do you differ?", as people write them.

An answer is banal only if nothing specific remains: a number, a named thing, a
guarantee with a term, a concrete promise make it specific.
"""

import pytest

from salesdx.knowledge.platitudes import is_banal, shipped
from salesdx.knowledge.word_forms import is_form, is_slip

BANAL_RU = [
    "Индивидуальный подход, лучшие цены, высокое качество, уникальные технологии",
    "индивидуального подхода",
    "Мы нацелены на индивидуальный подход к каждому клиенту.",
    "ПОДХОД К КЛИЕНТУ — ИНДИВИДУАЛЬНЫЙ",
    "Качество у нас действительно высокое",
    "Высочайшее качество и внимательное отношение к каждому клиенту",
    "Отличаемся высоким качеством и низкими ценами",
    "Качественный сервис по доступной цене",
    "Качественным сервисом.",
    "У нас самые низкие цены на рынке",
    "Лучшие цены в городе!",
    "Цены ниже, чем у конкурентов",
    "Уникальных технологий много",
    "Команда профессионалов своего дела",
    "Профессиональной командой, которая любит своё дело",
    "Широчайший ассортимент, гибкие условия",
    "Гибкость условий и широта ассортимента",
    "Нас рекомендуют",
    "Клиенты рекомендуют нас друзьям и знакомым",
    "Мы надёжный партнёр, нам доверяют",
    "Надежность. Честность. Ответственность.",
    "Всегда на связи, быстро решаем любые вопросы",
    "Качественная мебель по доступным ценам",
    "Надёжные окна и двери отличного качества",
    "Большой выбор запчастей для грузовых автомобилей",
    "Быстрая доставка, удобная оплата",
    "Работаем быстро, качественно и в срок",
    "Клиенто-ориентированность и комплексный подход",
    "Клиентоориентированная компания с многолетним опытом",
    "Динамично развивающаяся компания, лидер рынка",
    "Оптимальное соотношение цены и качества",
    "100% качество, мы №1",
    "Сервис на 5 звёзд",
    "Индевидуальный подход, высокое качетсво, професионалы",
    "Мы заботимся о своих клиентах и дорожим репутацией",
    "Делаем всё для вашего удобства и комфорта",
    "Ваш успех — наша цель",
    "Всё просто: мы лучшие в своём деле",
    "Ничем особенно не отличаемся",
    "Не знаю",
    "Трудно сказать",
    "-",
    "",
]

BANAL_EN = [
    "Individual approach, best prices, high quality, unique technologies",
    "An individual approach to every client",
    "We approach each customer individually",
    "Our prices are the lowest on the market",
    "We offer the best prices in town",
    "The quality is always high",
    "HIGH QUALITY AT LOW PRICES",
    "Best Prices, Great Service",
    "High-quality furniture at affordable prices",
    "A wide range of spare parts for trucks",
    "A professional team of experienced specialists",
    "Our team is very professional",
    "Reliable partner you can trust",
    "Years of experience and a customer-oriented approach",
    "We care about our customers",
    "Customers first, always",
    "Cutting-edge, innovative solutions",
    "Fast delivery, friendly staff",
    "People recommend us to their friends",
    "Excelent servise and profesional team",
    "100% satisfaction, number one on the market",
    "We always do our best for you",
    "Great value for money",
    "One of the leading companies in the industry",
    "We listen to our clients' needs and find the best solution",
    "Nothing special",
    "I don't know",
]

SPECIFIC_RU = [
    "Высокое качество: каждую партию проверяет лаборатория, протокол прикладываем",
    "Привозим мебель за два дня и собираем её в день доставки, без доплаты",
    "Потому что шкаф соберут в тот же вечер, а старый увезут",
    "сервис 24/7 в Якутске",
    "Гарантия 5 лет на всю фурнитуру",
    "Гарантия три года",
    "Пожизненная гарантия на каркас",
    "Если опоздаем хоть на час, вернём стоимость доставки",
    "Единственный в области дилер Bosch",
    "Низкие цены, потому что покупаем прямо на комбинате",
    "Индивидуальный подход: за каждым клиентом закреплён инженер",
    "Собственный склад на 4000 позиций",
    "Свой цех гальваники",
    "Широкий ассортимент: любую деталь привезём под заказ из Кореи",
    "Профессиональная команда: у всех мастеров допуск Ростехнадзора",
    "Делаем ключи к старым немецким замкам",
    "Чиним на месте, без вывоза",
    "Работаем только с клиниками",
    "Шьём школьную форму по меркам ребёнка",
    "Бесплатный выезд замерщика",
    "Печём хлеб на закваске",
    "Отгружаем сегодня, если заказали до обеда",
    "Надёжные окна: держат минус шестьдесят",
    "Цена не меняется до конца договора",
    "Качественный ремонт, выезжаем ночью",
    "Нас рекомендуют 9 из 10 клиентов",
    "Быстрая доставка: 40 минут или пицца даром",
    "Высокое качество и выезд замерщика в день звонка",
    "Рассрочка на год без банка",
    "Единый номер мастера, который ведёт ваш дом от замера до сдачи",
    "Мы возим бетон сами, у нас двенадцать миксеров",
    "Лучшие цены: найдёте дешевле — доплатим разницу",
    "Комплексный подход: проект, монтаж и пусконаладку сдаём одним актом",
    "Патент на крепление",
    "Первую партию отдаём на пробу без оплаты",
    "Говорим по-китайски и сами летаем на фабрики",
]

SPECIFIC_EN = [
    "High quality: every batch is tested by our own laboratory",
    "We deliver and assemble the wardrobe the same evening",
    "Delivered in two days or you do not pay",
    "A ten-year guarantee on the frame",
    "Lifetime warranty on all hinges",
    "Best prices: if you find it cheaper, we refund the difference",
    "We are the only Siemens dealer in the region",
    "Our warehouse holds 4000 items",
    "Money back within 30 days",
    "An individual approach: one engineer stays with you from survey to launch",
    "We bake with sourdough and mill the flour ourselves",
    "Free measuring on Sundays",
    "We repair on site, without taking the machine away",
    "We only work with dental clinics",
    "Fast delivery: forty minutes or the pizza is free",
    "Professional team: every welder holds an ISO 9606 certificate",
    "Spare parts for Soviet tractors",
    "The price is fixed until the end of the contract",
    "Wide range: any part imported from Korea to order",
    "Reliable pumps that run dry for an hour",
    "Nine of ten customers recommend us",
    "A night shift answers the phone",
]

# The same words, said of one's own goods, in lists, in capitals, with slips.
TRICKY = {
    "1. Качество\n2. Цена\n3. Сервис": True,
    "- great quality\n- great price": True,
    "качество+цена+сервис": True,
    "Лучшее соотношение цена-качество": True,
    "Мы не продаём, мы помогаем выбрать": True,
    "Современный салон красоты": True,
    "Мы лучшие, потому что у нас лучшие специалисты": True,
    "Надёжность благодаря опыту": True,
    "Низкие цены благодаря прямым поставкам": False,
    "Уникальный, не имеющий аналогов продукт": True,
    "Вежливые продавцы и чистый магазин": True,
    "Всё делаем на совесть": True,
    "Решаем задачи любой сложности": True,
    "A one-stop shop for all your needs": True,
    "We treat every client like family": True,
    "We go above and beyond": True,
    "Гарантия качества": True,
    "Гарантия качества — год": False,
    "100 % хлопок": False,
    "Надёжные насосы Grundfos": False,
    "Надёжные насосы": True,
    "Качественный бетон с фиброй": False,
    "Качественная еда без глютена": False,
    "Быстрый ремонт на дому": False,
    "Работаем без выходных": False,
    "Цены: ниже рынка на 7 %": False,
    "Ценим время: подпись документов через Диадок": False,
    "Центр занятости присылает к нам учеников": False,
    "Reliable locks: nobody opened them at the fair": False,
    "Low prices because we buy straight from farmers": False,
    "Опыт: построили мост через Обь": False,
    "Качественные окна, свой цех": False,
}

CASES = [
    *((t, True) for t in BANAL_RU + BANAL_EN),
    *((t, False) for t in SPECIFIC_RU + SPECIFIC_EN),
    *TRICKY.items(),
]


@pytest.mark.parametrize(("text", "banal"), CASES)
def test_banal_is_what_says_nothing_specific(text: str, banal: bool) -> None:
    assert is_banal(text) is banal


@pytest.mark.parametrize("text", [t for t, _ in CASES])
def test_capitals_and_the_dots_of_yo_change_nothing(text: str) -> None:
    assert is_banal(text.replace("ё", "е").replace("Ё", "Е")) is is_banal(text)
    if not any(c.isupper() for c in text[1:]):  # a name is told by its capital
        assert is_banal(text.upper()) is is_banal(text)


@pytest.mark.parametrize("form", ["цены", "ценами", "ценой", "ценам"])
def test_a_short_stem_takes_the_endings_of_words(form: str) -> None:
    assert is_form("цен*", form)
    assert not is_form("цен*", "центр")


@pytest.mark.parametrize(
    ("written", "slip"),
    [
        ("качетсво", True), ("качство", True), ("качессство", False),
        ("каччество", True), ("кочество", True), ("зачество", False),
        ("количество", False),
    ],
)  # fmt: skip
def test_one_wrong_letter_is_forgiven(written: str, slip: bool) -> None:
    assert is_slip("качеств*", written) is slip


def test_every_line_of_the_lists_does_what_it_is_there_for() -> None:
    words = shipped()
    for phrase in words.platitudes + words.empty:
        assert is_banal(" ".join(phrase).replace("*", "")), phrase
    for phrase in words.specific:
        said = " ".join(phrase).replace("*", "")
        assert not is_banal(f"качество {said}"), phrase


def test_a_long_text_is_judged_in_time() -> None:
    assert is_banal("подход к каждому, качественный " * 300)
