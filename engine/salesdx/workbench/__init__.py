"""The trainer's workbench: lint, test, export and schemas of the knowledge base."""
