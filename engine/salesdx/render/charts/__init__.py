"""Own SVG charts: small, deterministic, readable in greyscale, safe for any text."""
