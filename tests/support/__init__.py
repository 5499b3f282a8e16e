"""What the tests share: a real database, a real browser, real servers. Nothing here knows the engine."""
