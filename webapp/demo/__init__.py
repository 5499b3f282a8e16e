"""Invented people and cases for trying Trefoil out, made through casework like anything else. Nobody here is real."""
