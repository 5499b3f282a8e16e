"""Journeys of real people through real pages in a real browser. What a page contains is tests/webapp's matter."""
