"""Official labels: reading them, and laying a page beside them."""
