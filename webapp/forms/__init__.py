"""WTForms for signing in and administration. Pages drawn from definitions do not use these."""
