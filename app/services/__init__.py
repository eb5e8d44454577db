"""What people do, one file per thing; functions of a session that never commit."""
