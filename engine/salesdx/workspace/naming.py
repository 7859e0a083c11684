"""People by what they are called: a respondent's name and role, or the role alone."""

from collections.abc import Mapping

from salesdx.company import Respondent
from salesdx.explanation.wording import inside
from salesdx.knowledge.models import Role
from salesdx.language import Language


def who(
    by: str, people: Mapping[str, Respondent], roles: Mapping[str, Role],
    lang: Language,
) -> str:  # fmt: skip
    """`Анна Климова, руководитель отдела продаж`; of a role without a name, the role.

    A second respondent of a role is told from the first by his id.
    """
    person = people.get(by)
    role = person.role if person else by
    title = roles[role].title.in_(lang) if role in roles else role
    name = (person.name if person else None) or ("" if by in roles else by)
    return f"{name}, {inside(title)}" if name and name != title else title
