"""Why, why not, what if: everything is read off the outcome trees."""
