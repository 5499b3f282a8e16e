"""Paper: one neutral model of what is printed, made from forms and answers, and drawn as HTML, PDF and Word."""
