"""People's statements and their execution: places, retries, results and what ends them."""
