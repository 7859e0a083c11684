"""The knowledge base as a site to read: static pages, both languages, no network."""
