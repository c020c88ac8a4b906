"""Facts and periodic work by Celery, on real brokers with real workers."""
