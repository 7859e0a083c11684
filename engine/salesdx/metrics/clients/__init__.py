"""The client base: purchases, churn and return, loyalty, wallet, ABC and XYZ."""
