"""One-time codes: derived, never stored; counted before compared; sent off the request path."""
