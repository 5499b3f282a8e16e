"""Reads definitions: text to located nodes to the model, with every finding told in plain words."""
