"""The demo shop's configuration."""
