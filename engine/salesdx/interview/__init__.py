"""The interview: what is asked, in which order, and when to stop."""
