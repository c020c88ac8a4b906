"""Text messages: backends for gateways, delivery status, segments and templates."""
