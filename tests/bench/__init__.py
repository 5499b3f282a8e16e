"""Speeds against their bars, beside the libraries that do the same. `make bench` runs them; no test suite does."""
