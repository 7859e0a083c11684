"""What the experts know: YAML files -> one frozen knowledge base."""
