"""The work on requests: answers, stages, papers, contacts, presales, people."""
