"""How much of a file is read: the bounds of every reader, for whatever it claims."""

MAX_ROWS = 5_000_000
MAX_COLUMNS = 1_000  # HubSpot portals export up to about as many properties
MAX_CELL = 32_768  # characters, as a spreadsheet has it
MAX_BYTES = 1_000_000_000  # of any file
MAX_PAGE = 200_000_000  # of an HTML table or an XML spreadsheet
MAX_JSON = 200_000_000  # parsed objects take about five times as much
MAX_TEXT = 2_000_000_000  # bytes of all cells together, once unpacked
# of a zipped spreadsheet
MAX_UNPACKED = 200_000_000
MAX_RATIO = 100
MAX_ENTRIES = 1_000
