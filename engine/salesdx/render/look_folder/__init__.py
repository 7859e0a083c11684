"""A look as a folder of a stranger: begun, read, checked and tried on."""
