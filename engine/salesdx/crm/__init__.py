"""Readers: any file of any CRM to the canonical tables."""
