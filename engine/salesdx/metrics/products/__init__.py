"""Products, offers and profit."""
