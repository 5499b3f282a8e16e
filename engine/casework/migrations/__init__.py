"""Schema changes, one file a step. A step, once released, is never edited."""
