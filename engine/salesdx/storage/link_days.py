"""How many days a link is good for: usually, and at most."""

DAYS, LONGEST_DAYS = 14, 90
