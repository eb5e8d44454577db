"""Background work on Celery."""
