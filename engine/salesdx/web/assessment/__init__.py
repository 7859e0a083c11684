"""The path of a respondent with a link: no account, one question a page.

Entering by the link and consent, then questions, then checking and the result.
"""

from salesdx.web.assessment import asking, entering, finishing
from salesdx.web.assessment.frame import blueprint

__all__ = ["asking", "blueprint", "entering", "finishing"]
