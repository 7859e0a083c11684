"""Many cases at once: the same rules over columns, three-valued, in bit planes.

`Batch` holds the facts of some thousand cases; `judge(knowledge, batch)` gives every
verdict, sum, interval, coverage and fired rule of all of them.
"""
