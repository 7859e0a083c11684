"""One respondent's talk, for the terminal and the web: what is asked and kept."""
