"""The charts of a portfolio; shapes and hatches carry the meaning, as everywhere."""
