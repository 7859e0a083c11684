"""The web: pages and the API. It shows what `workspace` decides; it decides nothing."""
