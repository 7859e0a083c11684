"""Why a row of a table cannot be used, in both languages."""

from salesdx.errors import in_language, visible
from salesdx.language import Text

SHOWN = 80  # letters of a value
LONGEST_ID = 200
LONGEST_NAME = 1_000

NO_ID = Text(
    en="no id: every row needs one of its own",
    ru="нет id: у каждой строки он должен быть свой",
)
LONG_ID = Text(
    en=f"an id is at most {LONGEST_ID} letters long",
    ru=f"слишком длинный id: можно не больше {LONGEST_ID} знаков",
)
UNSEEN_ID = Text(
    en="the id holds line breaks or other characters that nobody sees",
    ru="в id есть переводы строк или другие невидимые знаки",
)
LONG_NAME = Text(
    en=f"at most {LONGEST_NAME} letters are read here",
    ru=f"слишком длинный текст: здесь можно не больше {LONGEST_NAME} знаков",
)
LONG_TEXT = Text(
    en="the text is longer than a cell of a spreadsheet can be",
    ru="текст длиннее, чем помещается в ячейку электронной таблицы",
)
NOT_UTF8 = Text(
    en="the text is not UTF-8: write the file again with UTF-8 texts",
    ru="текст не в UTF-8: запишите файл заново с текстом в UTF-8",
)
MODEL = Text(en="b2b or b2c; empty if unknown", ru="b2b или b2c; не знаете — пусто")
CURRENCY = Text(
    en="a currency is three capital letters, such as RUB or EUR",
    ru="валюта — три заглавные латинские буквы: RUB, EUR",
)
GAP = Text(
    en="a gap is confirmed, suspected, noise or insufficient",
    ru="разрыв бывает confirmed, suspected, noise или insufficient",
)
NO_NUMBER = Text(
    en="not a number: write digits alone, without units; leave the cell empty where it"
    " is unknown",
    ru="это не число: нужны только цифры, без единиц; не знаете — оставьте ячейку"
    " пустой",
)
NOT_FINITE = Text(
    en="no number that can be reckoned with; leave the cell empty where it is unknown",
    ru="с таким числом ничего не посчитать; не знаете — оставьте ячейку пустой",
)
TOO_LARGE = Text(
    en="the number is too large to be real; check the unit",
    ru="таких больших чисел не бывает; проверьте единицу",
)
NOT_WHOLE = Text(en="not a whole number", ru="нужно целое число")
SHARE = Text(
    en="a share is a number from 0 to 1: 35 % is 0.35",
    ru="доля — число от 0 до 1: 35 % — это 0,35",
)
FLAG = Text(en="1 if it is so, 0 if not", ru="1, если так и есть, иначе 0")
NEGATIVE = Text(en="below zero", ru="меньше нуля не бывает")
NO_CELL = Text(en="one of the options is empty", ru="один из вариантов в списке пустой")
FEW_CELLS = Text(
    en="the line has fewer cells than the header",
    ru="в строке меньше ячеек, чем в шапке",
)
MANY_CELLS = Text(
    en="the line has more cells than the header; a text that holds the delimiter"
    " needs quotes",
    ru="в строке больше ячеек, чем в шапке; текст, в котором есть разделитель, берут"
    " в кавычки",
)


def repeated(row: int) -> Text:
    """The id stands in an earlier row."""
    return Text(
        en=f"the id stands in row {row} already, and that row is used",
        ru=f"такой id уже есть в строке {row}; в расчёт идёт она",
    )


def outside(low: float, high: float) -> Text:
    """A number beyond its bounds."""
    if high == float("inf"):
        return Text(en=f"below {low:g}", ru=f"меньше {low:g} не бывает")
    if low == float("-inf"):
        return Text(en=f"above {high:g}", ru=f"больше {high:g} не бывает")
    return Text(
        en=f"outside {low:g} … {high:g}", ru=f"число вне пределов {low:g} … {high:g}"
    )


def and_more(count: int) -> Text:
    """More of a row is wrong than is told."""
    return Text(
        en=f"and more cells that cannot be used: {count}",
        ru=f"и ещё ячеек, которые нельзя использовать: {count}",
    )


def said(message: str, hint: str = "", column: str = "") -> Text:
    """What the reader of answers says of a value; the column is told beside it."""
    parts = [message, *([hint] if hint else [])]
    en, ru = ("; ".join(in_language(p, lang) for p in parts) for lang in ("en", "ru"))
    ru = ru.removeprefix(f"{column}: ")
    return Text(en=visible(en), ru=visible(ru))


def shown(value: object) -> str:
    """The start of a value on one line."""
    return visible(str(value)[:SHOWN])
