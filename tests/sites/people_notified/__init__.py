"""People with notifications, and nothing for sale."""
