"""What the tables of a case come to, and where that is kept until they change.

`measuring` does the work, `key` says on what it hangs, `written` how it is written
down, `cache` where. Whoever finds figures kept imports no engine and no statistics.
"""
