"""Many companies at once: a table of facts or case folders in, a result table out.

`facts_table` reads chunks of a table into batches of the column executor;
`result_table` says what a row of the result holds; `batch` runs chunk by chunk, on this
machine or on Spark; `overview` tells what a whole portfolio has in common.
"""
