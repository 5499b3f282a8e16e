"""What each command does: thin calls into casework, and words about what happened."""
