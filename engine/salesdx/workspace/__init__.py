"""What pages and the API work on: the cases of a database, their figures, their talks.

Everything that is decided for the web is decided here; nothing here knows of HTTP.
"""
