"""A Django project with nothing in it but what floors need: WhiteNoise, a view of queries and bytes, one of JSON."""
