"""`flask` commands that bring things in: the intake, the accounts and the demo data."""
