"""What flows in, what it costs, and plans against facts."""
